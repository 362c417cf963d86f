def import_residents(table, mapping, options, report):
    raise NotImplementedError
