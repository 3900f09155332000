"""Place bodies on a plane, beside the models they were asked about.

Metric multidimensional scaling of the distances of `distances`, with the reference models as
landmarks among the bodies. Turned so that two named landmarks lie left and right: the same map
every time, and an axis that means something.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
from scipy.linalg import eigh

from positions.measures import cluster_validation
from positions.measures._kernel import Bools, Floats
from positions.measures.distances import TIE, between, complete, overlaps, spread_out
from positions.measures.groups import DEFAULT, GroupRules

SPREAD = 0.80
"""The share of redrawn places that the circle round a point holds."""
HOLLOW_BELOW = 5
"""A body whose median overlap with the others is smaller is drawn hollow: mostly a guess."""
FITS = (
    (0.05, "shows the distances well"),
    (0.10, "shows the distances fairly"),
    (0.20, "shows the distances roughly"),
    (math.inf, "shows the distances poorly: read the table of distances instead"),
)
"""Up to each stress-1, the words for it."""
DRAWS = 200
_DRAWS_BUDGET = 20_000_000
_STEPS_BUDGET = 300_000_000
"""Large tables are fitted in fewer steps: each step costs the square of their rows."""
_STEPS = 300
_ROUGH = 1e-6
"""A redrawn map is fitted as roughly as this; the map itself a thousand times as closely."""
_DECIMALS = 6


@dataclasses.dataclass(frozen=True)
class Map:
    """A map and how far to trust it.

    Attributes
    ----------
    points
        One row per body and model placed, bodies first, sorted: `id`, `kind` (`body` or
        `model`), `x`, `y` (in units of distance, 0 to 1), `spread` (the radius that holds 80%
        of the places it takes when propositions are redrawn; missing where nothing was
        redrawn), `overlap` (median number of propositions shared with the others), `hollow`.
    stress
        Kruskal's stress-1: 0 where the map shows every distance exactly.
    aside
        One row per body or model not placed: `id`, `kind`, `addressed`, `why`.
    draws
        How many redrawn maps the spread rests on.
    """

    points: pd.DataFrame
    stress: float
    aside: pd.DataFrame
    draws: int

    @property
    def fit(self) -> str:
        """How well the map shows the distances, in words after Kruskal (1964), with its stress."""
        words = next(words for most, words in FITS if round(self.stress, 9) <= most)
        # Rounded up: what is above a threshold never seems to be below it.
        return f"{words} (stress-1 {math.ceil(round(self.stress, 9) * 1000 - 1e-6) / 1000:.3f})"


def place(
    positions: pd.DataFrame,
    model_positions: pd.DataFrame,
    propositions: pd.DataFrame | None = None,
    landmarks: tuple[str, ...] = (),
    rules: GroupRules = DEFAULT,
) -> Map:
    """Map bodies and models; say how faithful the map is, and how firm each place.

    A body or model stands among the others by the propositions that both address. Bodies
    without enough overlap are set aside by name, before any model is. The line from the left
    to the right landmark is laid level; the second axis has no meaning of its own, and its sign
    is fixed so that the point furthest from the line is above it.

    Parameters
    ----------
    positions
        One row per body and proposition: `position` in [-2, 2].
    model_positions
        One row per model and proposition: `position`. May be empty.
    propositions
        One row per proposition: `weight`; without it every proposition weighs 1.
    landmarks
        Model ids: the left and the right one; or one, which is put level with the middle and
        right of it; or none, and the longest axis lies level.
    rules
        As for `groups.find`; `draws` is at most 200, and fewer for large tables.

    Returns
    -------
    Map
        Points, stress and who was set aside.

    Raises
    ------
    ValueError
        When a landmark is not among the models, or more than two are named.

    References
    ----------
    De Leeuw (1977), "Applications of convex analysis to multidimensional scaling", in Barra and
    others (eds), Recent developments in statistics, 133-145, for the fit by majorisation.

    Kruskal (1964), "Multidimensional scaling by optimizing goodness of fit", Psychometrika 29,
    1-27, for stress.

    Gower (1975), "Generalized Procrustes analysis", Psychometrika 40, 33-51, for the alignment
    of the redrawn maps.

    Examples
    --------
    >>> import positions as ps
    >>> analysis = ps.analyse(ps.read("data"))
    >>> found = ps.mds(analysis.positions, analysis.study.model_positions)
    >>> found.points["kind"].value_counts().to_dict()
    {'model': 4, 'body': 3}
    """
    if unknown := [model for model in landmarks if model not in set(model_positions["model_id"])]:
        raise ValueError(f"landmark {unknown[0]!r} is no model of model_positions")
    if len(landmarks) > 2:
        raise ValueError(f"{len(landmarks)} landmarks: two at most, a left and a right one")
    values, weights = spread_out(_both(positions, model_positions), propositions)
    kept, aside = _placed(values, rules)
    table = values.loc[kept].to_numpy()
    apart = np.round(between(table, weights, rules.overlap), 12)
    ids = values.index[kept]
    left, right = landmarks if len(landmarks) == 2 else (None, *landmarks, None)[:2]
    flat = oriented(_fit(apart), _row(ids, left), _row(ids, right))
    draws = min(rules.draws, DRAWS, _DRAWS_BUDGET // max(len(ids), 1) ** 2)
    spread = _spread(table, weights, flat, (draws, rules.seed))
    points = _points(ids, flat, spread, table)
    return Map(points, stress(apart, flat), aside, draws)


def _row(ids: pd.Index, model: str | None) -> int | None:
    """Return the row of a landmark; None where none is named or it was set aside."""
    return int(ids.get_loc((1, model))) if (1, model) in ids else None


def _both(positions: pd.DataFrame, model_positions: pd.DataFrame) -> pd.DataFrame:
    """Stack bodies and models; a pair as id keeps a body and a model apart."""
    columns = ["body_id", "proposition_id", "position"]
    models = model_positions.rename(columns={"model_id": "body_id"})[columns]
    parts = []
    for kind, rows in enumerate((positions[columns], models)):
        parts.append(rows.assign(body_id=[(kind, body) for body in rows["body_id"]]))
    return pd.concat(parts, ignore_index=True).astype({"position": "float64"})


def _placed(values: pd.DataFrame, rules: GroupRules) -> tuple[Bools, pd.DataFrame]:
    """Choose the rows that are placed; say why the others are not."""
    table = values.to_numpy()
    models = np.array([kind == 1 for kind, _ in values.index], dtype=bool)
    addressed = (~np.isnan(table)).sum(axis=1)
    # A model that shares too little with anything must not push out the bodies.
    least = np.where(models, rules.overlap, rules.addressed)
    enough = addressed >= least
    rows = np.flatnonzero(enough)
    defined = overlaps(table[rows]) >= rules.overlap
    np.fill_diagonal(defined, True)
    kept = enough.copy()
    kept[rows] = complete(defined[None], addressed[rows], models[rows])[0]
    aside = [
        (
            name, "model" if kind else "body", int(addressed[row]),
            f"shared fewer than {rules.overlap} propositions with others placed" if enough[row]
            else f"addressed fewer than {least[row]} propositions",
        )
        for row, (kind, name) in enumerate(values.index) if not kept[row]
    ]  # fmt: skip
    table_aside = pd.DataFrame(aside, columns=["id", "kind", "addressed", "why"])
    return kept, table_aside.astype({"id": "str", "kind": "str", "addressed": "int64"})


def _points(ids: pd.Index, flat: Floats, spread: Floats, table: Floats) -> pd.DataFrame:
    shared = overlaps(table).astype(float)
    np.fill_diagonal(shared, np.nan)
    overlap = [float(np.median(row[~np.isnan(row)])) if len(row) > 1 else 0.0 for row in shared]
    points = pd.DataFrame(
        {
            "id": pd.Series([name for _, name in ids], dtype="str"),
            "kind": pd.Series(["model" if kind else "body" for kind, _ in ids], dtype="str"),
            "x": np.round(flat[:, 0], _DECIMALS) + 0.0,
            "y": np.round(flat[:, 1], _DECIMALS) + 0.0,
            "spread": np.round(spread, _DECIMALS),
            "overlap": overlap,
        }
    )
    return points.assign(hollow=(points["overlap"] < HOLLOW_BELOW) & (points["kind"] == "body"))


# --- the fit -------------------------------------------------------------------------------


def _fit(apart: Floats) -> Floats:
    """Scale distances to the plane by majorisation, from classical scaling."""
    rows = len(apart)
    if rows < 2 or apart.max() <= TIE:
        return np.zeros((rows, 2))
    # Imported here, for it loads for a second, and most reports and notebooks draw no map.
    from sklearn import config_context
    from sklearn.manifold import MDS

    scaling = MDS(
        n_components=2, metric="precomputed", metric_mds=True, n_init=1, init="random",
        max_iter=int(min(_STEPS, max(10, _STEPS_BUDGET // rows**2))), eps=1e-9,
        random_state=0, normalized_stress=False,
    )  # fmt: skip
    # Distances made here are sound; checked again at every step they take half of the time.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        found = scaling.fit_transform(apart, init=classical(apart))
    centred: Floats = found - found.mean(axis=0)
    return centred


def classical(apart: Floats) -> Floats:
    """Scale distances to the plane classically (Torgerson 1952): a start free of chance."""
    rows = len(apart)
    centred = apart**2
    centred = centred - centred.mean(axis=0) - centred.mean(axis=1)[:, None] + centred.mean()
    wanted = [max(rows - 2, 0), rows - 1]
    values, vectors = eigh(-centred / 2, subset_by_index=wanted)
    flat = np.zeros((rows, 2))
    for axis in range(min(2, rows)):
        vector = vectors[:, -1 - axis]
        # An eigenvector has no sign of its own.
        lead = np.flatnonzero(np.abs(vector) > np.abs(vector).max() - 1e-6)[0]
        flat[:, axis] = vector * np.sign(vector[lead]) * np.sqrt(max(values[-1 - axis], 0.0))
    return flat


def stress(apart: Floats, flat: Floats) -> float:
    """Measure how far the map is from its distances: Kruskal's stress-1, 0 for not at all.

    The square root of the squared misfit over the squared distances on the map (Kruskal 1964,
    "Multidimensional scaling by optimizing goodness of fit", Psychometrika 29, 1-27), the map
    being stretched to where that is least: how large it is drawn does not count as misfit. So
    does `smacof` in R (Borg and Groenen 2005, "Modern multidimensional scaling", 11.1).

    Parameters
    ----------
    apart
        Rows by rows, the distances.
    flat
        Rows by two, the map.
    """
    shown = np.hypot(*(flat[:, None] - flat[None]).transpose(2, 0, 1))
    upper = np.triu_indices(len(flat), 1)
    total = float((shown[upper] ** 2).sum() * (apart[upper] ** 2).sum())
    if total <= TIE**4:
        return 0.0
    alike = float((shown * apart)[upper].sum()) ** 2 / total
    return round(math.sqrt(max(1 - alike, 0.0)), _DECIMALS)


def oriented(flat: Floats, left: int | None = None, right: int | None = None) -> Floats:
    """Turn a map so that its landmarks lie left and right; its distances stay.

    Parameters
    ----------
    flat
        Rows by two, centred.
    left, right
        The rows of the landmarks. With one, the line from the middle to it is laid level; with
        none, or where they coincide, the longest axis is, its furthest point to the right.
    """
    if len(flat) < 2:
        return flat
    ends = [np.zeros(2) if row is None else flat[row] for row in (left, right)]
    along = ends[1] - ends[0]
    if np.hypot(*along) <= 1e-6:
        along = np.linalg.eigh(flat.T @ flat)[1][:, -1]
        along = along * np.sign(_furthest(flat @ along) or 1.0)
    along = along / np.hypot(*along)
    level, upright = flat @ along, flat @ np.array([-along[1], along[0]])
    return np.column_stack([level, upright * np.sign(_furthest(upright) or 1.0)])


def _furthest(places: Floats) -> float:
    """Return the place furthest from 0; of several, that of the first row."""
    size = np.abs(places)
    return float(places[np.flatnonzero(size > size.max() - 1e-6)[0]])


# --- how firm is each place ----------------------------------------------------------------


def _spread(table: Floats, weights: Floats, flat: Floats, draws: tuple[int, int]) -> Floats:
    """Return the radius round each place that holds most of its places in redrawn maps.

    Each redrawn map is laid over the map by turning, mirroring and shifting, not by stretching:
    distances keep their unit. A row set aside in a draw has no place in it.
    """
    rows = len(table)
    if not draws[0] or rows < 2:
        return np.full(rows, np.nan)
    moved = []
    for stack, present in cluster_validation.redrawn(table, weights, *draws):
        for part in cluster_validation.chunks(len(stack), 4 * rows):
            found = _refitted(np.round(stack[part], 12), present[part], flat)
            for again, here in zip(found, present[part], strict=True):
                shift = np.full(rows, np.nan)
                shift[here] = np.hypot(*(laid_over(again[here], flat[here]) - flat[here]).T)
                moved.append(shift)
    shifts = np.array(moved)
    return np.array(
        [np.quantile(s[~np.isnan(s)], SPREAD) if (~np.isnan(s)).any() else np.nan
         for s in shifts.T]
    )  # fmt: skip


def _refitted(stack: Floats, present: Bools, start: Floats) -> Floats:
    """Fit redrawn maps from one start, all in step; draws by rows by two, absent rows at 0.

    The steps are those of scikit-learn's `MDS`, and end where its would. On a small map it takes
    twenty times as long to check what it is given as to make a step.
    """
    pairs = present[:, :, None] & present[:, None, :]
    asked, count = np.where(pairs, stack, 0.0), present.sum(axis=1)
    most = np.clip(_STEPS_BUDGET // np.maximum(count, 1) ** 2, 10, _STEPS)
    live = np.flatnonzero(asked.max(axis=(1, 2)) > TIE)
    found = np.zeros((*present.shape, 2))
    found[live] = np.where(present[live, :, None], start, 0.0)
    shown, misfit = _shown(found[live]), np.full(len(live), np.inf)
    step = 0
    while len(live):
        step += 1
        ratio = asked[live] / np.where(shown > 0, shown, 1e-5)
        pull = ratio.sum(axis=2)[..., None] * found[live] - ratio @ found[live]
        found[live] = pull / count[live, None, None]
        shown, before = _shown(found[live]) * pairs[live], misfit
        misfit = ((shown - asked[live]) ** 2).sum(axis=(1, 2))
        settled = before - misfit < _ROUGH * (shown**2).sum(axis=(1, 2))
        goes_on = ~settled & (step < most[live])
        live, shown, misfit = live[goes_on], shown[goes_on], misfit[goes_on]
    return found


def _shown(flat: Floats) -> Floats:
    """Return the distances on maps; draws by rows by rows."""
    across, up = (flat[:, :, None, axis] - flat[:, None, :, axis] for axis in (0, 1))
    return np.sqrt(across**2 + up**2)


def laid_over(flat: Floats, target: Floats) -> Floats:
    """Turn, mirror and shift a map so that it comes nearest to a target of the same rows."""
    if len(flat) == 0:
        return flat
    middle, goal = flat.mean(axis=0), target.mean(axis=0)
    left, _, right = np.linalg.svd((flat - middle).T @ (target - goal))
    turned: Floats = (flat - middle) @ (left @ right) + goal
    return turned
