"""Who is next to whom: sparse n × n weights from shapes or points."""

import numpy as np
import shapely
from scipy import sparse
from scipy.spatial import KDTree


def queen(shapes: np.ndarray, tolerance: float = 0.0) -> sparse.csr_array:
    """1 where two polygons share a corner or an edge, 0 on the diagonal. n × n, symmetric.

    Shapes touch when they intersect, so an overlap by a sliver still counts. `tolerance`, in the unit of the
    coordinates, joins borders that were digitised a little apart.
    """
    shapes = np.asarray(shapes, dtype=object)
    tree = shapely.STRtree(shapes)
    if tolerance > 0:
        first, second = tree.query(shapes, predicate="dwithin", distance=tolerance)
    else:
        first, second = tree.query(shapes, predicate="intersects")
    return _binary(first, second, len(shapes))


def within_distance(xy: np.ndarray, metres: float) -> sparse.csr_array:
    """1 where two points (n × 2, a plane in metres) lie at most `metres` apart, 0 on the diagonal."""
    pairs = KDTree(xy).query_pairs(metres, output_type="ndarray")
    first, second = pairs.T
    return _binary(np.r_[first, second], np.r_[second, first], len(xy))


def with_self(weights: sparse.sparray) -> sparse.csr_array:
    """The same weights, each place its own neighbour with weight 1 as in Gi*."""
    own = sparse.csr_array(weights, dtype=float)
    return sparse.csr_array(own + sparse.diags_array(1.0 - own.diagonal()))


def row_standardised(weights: sparse.sparray) -> sparse.csr_array:
    """Each row divided by its sum, so W @ x is a mean of the neighbours; a place without neighbours keeps zeros."""
    sums = np.asarray(weights.sum(axis=1)).ravel()
    share = np.divide(1.0, sums, out=np.zeros_like(sums, dtype=float), where=sums > 0)
    return sparse.csr_array(sparse.diags_array(share) @ weights)


def _binary(first: np.ndarray, second: np.ndarray, n: int) -> sparse.csr_array:
    apart = first != second
    ones = np.ones(int(apart.sum()))
    return sparse.coo_array((ones, (first[apart], second[apart])), shape=(n, n)).tocsr()
