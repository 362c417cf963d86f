def import_cells(table, mapping, options, report):
    raise NotImplementedError
