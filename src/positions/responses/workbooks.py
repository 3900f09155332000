"""placeholder"""
def rows(path, read=None):
    raise NotImplementedError
