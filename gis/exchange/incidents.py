def import_incidents(table, mapping, options, report):
    raise NotImplementedError
