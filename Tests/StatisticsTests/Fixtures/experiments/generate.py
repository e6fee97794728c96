"""Writes experiments.json: the cases of ../../../../shared/golden/experiments.json, and oracle values for what they do not
cover. Made with SciPy 1.14.1, statsmodels 0.15.0 and numpy 2.1.3: python3 generate.py <golden experiments.json>

All golden cases are used. Left out by name:
chi2_contingency   chi2_yates, p_yates (no test here has Yates' correction); expected, cramers_v (not part of a result);
                   chi2-3: three rows (samples), ours has two.
fisher_exact       odds_ratio_conditional: the sample's odds ratio is reported.
group_sequential   z_bounds after the first look, to 1e-4 only: spotify-confidence integrates by the trapezoidal rule on a
                   coarse grid. The bounds below are by Simpson's rule on 8,001 points, and agree with SciPy's multivariate
                   normal law; `golden_spent` says what the golden bounds really spend.
sample_size_and_power_t
                   n_per_arm to 1e-7 and mde_at_n to 1e-5 only: statsmodels' root finder stops early (at its 0.61220783 for
                   size-t-3 the power is 0.800003, not 0.8). `t_power` below solves to the last digit, by another integral.
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import integrate, optimize, special, stats

golden = json.load(open(sys.argv[1]))


def simpson(low, high, count=8001):
    x = np.linspace(low, high, count)
    w = np.ones(count)
    w[1:-1:2], w[2:-1:2] = 4, 2
    return x, w * (x[1] - x[0]) / 3


def bounds(fractions, alpha, sides, spend):
    """The recursion of Armitage, McPherson and Rowe, on the score scale."""
    found, spent = [], 0.0
    x, mass = np.array([0.0]), np.array([1.0])
    for k, t in enumerate(fractions):
        step = np.sqrt(t - (fractions[k - 1] if k else 0))
        allowed = spend(t, alpha / sides)
        cross = lambda b: np.sum(mass * stats.norm.sf((b * np.sqrt(t) - x) / step)) - (allowed - spent)
        b = optimize.brentq(cross, -8, 8, xtol=1e-14)
        found.append(b)
        spent = allowed
        y, w = simpson(-b * np.sqrt(t) if sides == 2 else -9 * np.sqrt(t), b * np.sqrt(t))
        density = np.concatenate([stats.norm.pdf((part[:, None] - x) / step) @ mass / step for part in np.array_split(y, 20)])
        x, mass = y, density * w
    return found


spending = {
    "obrien_fleming": lambda t, a: 2 * stats.norm.sf(stats.norm.isf(a / 2) / np.sqrt(t)),
    "pocock": lambda t, a: a * np.log1p((np.e - 1) * t),
    "power:2": lambda t, a: a * t**2,
    "power:1": lambda t, a: a * t,
}
group_sequential = []
for name, fractions, alpha, sides in [
    ("obrien_fleming", [0.2, 0.4, 0.6, 0.8, 1.0], 0.05, 2),
    ("pocock", [0.2, 0.4, 0.6, 0.8, 1.0], 0.05, 2),
    ("power:2", [0.25, 0.5, 0.75, 1.0], 0.05, 2),
    ("power:2", [0.2, 0.4, 0.6, 0.8, 1.0], 0.05, 1),
    ("power:2", [0.1, 0.3, 1.0], 0.01, 2),
    ("power:1", [0.5, 0.95, 1.0], 0.1, 2),
    ("obrien_fleming", [0.3, 0.7, 1.0], 0.025, 1),
]:
    group_sequential.append({"spending": name, "fractions": fractions, "alpha": alpha, "sides": sides,
                             "bounds": bounds(fractions, alpha, sides, spending[name])})


def crossed(fractions, z):
    """P(|Z_k| > z_k at some look), by SciPy's multivariate normal law."""
    t = np.array(fractions)
    cov = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    z = np.array(z)
    inside = stats.multivariate_normal.cdf(z, cov=cov, lower_limit=-z, maxpts=4_000_000, abseps=1e-9, releps=1e-9,
                                           rng=np.random.default_rng(1)) if "rng" in stats.multivariate_normal.cdf.__code__.co_varnames \
        else stats.multivariate_normal.cdf(z, cov=cov, lower_limit=-z, maxpts=4_000_000, abseps=1e-9, releps=1e-9)
    return 1 - float(inside)


for case in group_sequential:
    if case["sides"] == 2 and len(case["fractions"]) <= 4:
        case["crossed"] = crossed(case["fractions"], case["bounds"])
golden_spent = {c["id"]: crossed(c["inputs"]["information_fractions"], c["expected"]["z_bounds"])
                for c in golden["cases"] if c["id"] in ("sc-gst-1", "sc-gst-3")}



def t_power(effect, size, alpha):
    """The non-central t law as a mean over the estimated standard deviation, by Gauss-Legendre."""
    df = 2 * size - 2
    shift, critical, width = effect * np.sqrt(size / 2), stats.t.isf(alpha / 2, df), 12 / np.sqrt(2 * df)
    x, w = np.polynomial.legendre.leggauss(400)
    low, high = max(1e-6, 1 - width), 1 + width
    s = (high - low) / 2 * x + (high + low) / 2
    density = np.exp(np.log(2) + df / 2 * np.log(df / 2) - special.gammaln(df / 2) + (df - 1) * np.log(s) - df * s * s / 2)
    tails = stats.norm.cdf(shift - critical * s) + stats.norm.cdf(-critical * s - shift)
    return float(np.sum(w * density * tails) * (high - low) / 2)


power = []
for case in golden["cases"]:
    if case["test"] == "sample_size_and_power_t":
        d, a, target, n = (case["inputs"][k] for k in ("cohen_d", "alpha", "power", "n_per_arm_for_power"))
        power.append({"id": case["id"],
                      "size": optimize.brentq(lambda x: t_power(d, x, a) - target, 10, 1e5, xtol=1e-10, rtol=1e-14),
                      "effect": optimize.brentq(lambda x: t_power(x, n, a) - target, 0.001, 5, xtol=1e-14)})

bayes = []
for arms in [[(500, 5000), (560, 5000)], [(0, 10), (3, 12)], [(12, 100), (15, 110), (9, 95)], [(1, 3), (40_000, 100_000)]]:
    laws = [stats.beta(1 + s, 1 + n - s) for s, n in arms]
    best, largest = [], 0.0
    marks = sorted({float(law.ppf(q)) for law in laws for q in (1e-9, 1e-4, 0.02, 0.2, 0.5, 0.8, 0.98, 1 - 1e-4, 1 - 1e-9)})
    ends = [0.0] + marks + [1.0]
    over = lambda f: sum(integrate.quad(f, a, b, epsabs=1e-14, epsrel=1e-12, limit=400)[0] for a, b in zip(ends, ends[1:]))
    for k, law in enumerate(laws):
        others = [l for j, l in enumerate(laws) if j != k]
        best.append(over(lambda x: law.pdf(x) * np.prod([l.cdf(x) for l in others])))
    largest = over(lambda x: 1 - np.prod([l.cdf(x) for l in laws]))
    entry = {"arms": arms, "best": best, "loss": [largest - l.mean() for l in laws]}
    c, t = laws[0], laws[1]
    below = lambda d: over(lambda x: c.pdf(x) * t.cdf(x + d))
    entry["difference"] = [float(optimize.brentq(lambda d: below(d) - q, -0.999, 0.999, xtol=1e-11)) for q in (0.025, 0.975)]
    bayes.append(entry)

rng = np.random.default_rng(11)
arms = np.repeat([0, 1], [120, 100])
x1, x2 = rng.normal(5, 2, 220), rng.exponential(1, 220)
y = np.round(3 + 0.8 * x1 - 1.5 * x2 + 0.4 * arms + rng.normal(size=220), 6)
x1, x2 = np.round(x1, 6), np.round(x2, 6)
within = lambda v: v - np.where(arms == 0, v[arms == 0].mean(), v[arms == 1].mean())
cuped = {"arms": arms.tolist(), "y": y.tolist(), "x1": x1.tolist(), "x2": x2.tolist()}
for name, columns in [("one", [x1]), ("two", [x1, x2])]:
    fit = sm.OLS(within(y), np.column_stack([within(c) for c in columns])).fit()
    adjusted = y - sum(b * (c - c.mean()) for b, c in zip(fit.params, columns))
    test = stats.ttest_ind(adjusted[arms == 1], adjusted[arms == 0], equal_var=False)
    cuped[name] = {"theta": fit.params.tolist(), "r2": float(fit.rsquared), "t": float(test.statistic), "p": float(test.pvalue),
                   "difference": float(adjusted[arms == 1].mean() - adjusted[arms == 0].mean())}

shifts = []
for m, n, digits in [(9, 7, 4), (40, 55, 4), (60, 50, 1), (301, 200, 3)]:
    a, b = np.round(rng.normal(size=m), digits), np.round(rng.normal(0.4, 1.3, size=n), digits)
    differences = np.sort(np.subtract.outer(b, a).ravel())
    rank = int(np.rint(m * n / 2 - stats.norm.isf(0.025) * np.sqrt(m * n * (m + n + 1) / 12)))
    shifts.append({"control": a.tolist(), "treatment": b.tolist(), "median": float(np.median(differences)),
                   "low": float(differences[rank - 1]), "high": float(differences[m * n - rank]),
                   "p": float(stats.mannwhitneyu(b, a).pvalue)})

json.dump({"source": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}",
           "cases": golden["cases"], "groupSequential": group_sequential, "goldenSpent": golden_spent, "power": power, "bayes": bayes,
           "cuped": cuped, "shifts": shifts}, open("experiments.json", "w"), separators=(",", ":"))
print(golden_spent, [c.get("crossed") for c in group_sequential])
