def import_buildings(table, mapping, options, report):
    raise NotImplementedError
