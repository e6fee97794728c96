"""Writes golden.json: the cases of ../../../../shared/golden/statistics.json that StatisticsTests use, and oracle values
of SciPy and statsmodels for what they do not cover. Run with scipy 1.14 or later: python3 generate.py <statistics.json>"""

import json
import sys
import warnings

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest

warnings.simplefilter("ignore")
golden = json.load(open(sys.argv[1]))
# All of them, but for what follows another convention than ../../../../shared/design/STATISTICS.md. Left out by name:
# chisquare_gof            takes the reference's counts (or a law given beforehand) as exact. As a drift test that raises
#                          20-50 % false alarms, so there is none here. The sample-ratio check of experiments, whose shares
#                          are exact by design, is tested with experiments.json.
# chi2_contingency         chi2_yates_if_dof1, p_yates_if_dof1: no test here has Yates' correction.
# anderson_ksamp           "right": one definition is enough, that with midranks; critical_values: a constant of the paper.
# ks_2samp                 location and sign of the largest difference are not part of a test's result.
# discrete_divergences     kl_*_eps1e4, psi_eps1e4, psi_eps1e6: floored at a float epsilon, ours are smoothed with half a count.
# psi_numeric              psi_quantile_eps1e4, psi_equal_width_clipped_eps1e4, counts_equal_width: the same, and bins of equal
#                          width move with an outlier; psi_numeric-02: quintiles, a profile has deciles.
left_out = ["chisquare_gof"]
cases = [c for c in golden["cases"] if c["test"] not in left_out]

kstwo = [[n, d, float(stats.kstwo.sf(d, n))]
         for n, ds in {1: [0.3, 0.6, 0.9], 2: [0.2, 0.4, 0.55, 0.8], 5: [0.05, 0.15, 0.3, 0.45, 0.7, 0.9],
                       10: [0.04, 0.09, 0.2, 0.274, 0.4, 0.6, 0.95], 50: [0.015, 0.05, 0.1, 0.15, 0.2, 0.4, 0.9],
                       140: [0.005, 0.04, 0.07, 0.1, 0.17, 0.3, 0.6], 141: [0.005, 0.04, 0.0732, 0.1, 0.13, 0.3],
                       500: [0.0015, 0.02, 0.03, 0.05, 0.066, 0.1, 0.2, 0.5], 5000: [0.004, 0.01, 0.015, 0.02, 0.025, 0.06, 0.2],
                       100000: [0.0005, 0.002, 0.004, 0.0047, 0.01, 0.03], 2000000: [0.0005, 0.001, 0.002, 0.005]}.items()
         for d in ds]
ksone = [[n, d, float(stats.ksone.sf(d, n))] for n, d in [(3, 0.4), (20, 0.3), (1000, 0.05), (2000000, 0.002)]]
kolmogorov = [[x, float(stats.kstwobign.sf(x))] for x in [0.05, 0.3, 0.5, 0.9, 1.0, 1.3, 2.0, 5.0]]

rng = np.random.default_rng(7)
pairs = []
for m, n, shift in [(700, 650, 0.0), (1000, 1000, 0.2), (900, 601, 0.6), (1500, 1499, 1.5), (37, 2000, 0.3)]:
    a = np.round(rng.normal(size=m), 3)
    b = np.round(rng.normal(size=n) + shift, 3)
    exact = stats.ks_2samp(a, b, method="exact")
    asymp = stats.ks_2samp(a, b, method="asymp")
    pairs.append({"a": a.tolist(), "b": b.tolist(), "statistic": float(exact.statistic), "exact": float(exact.pvalue),
                  "asymp": float(asymp.pvalue)})

tables = [[[30, 70], [45, 55]], [[120, 30, 9, 41], [100, 52, 14, 34]], [[5, 0, 12], [8, 7, 6]], [[900, 100], [1800, 210]]]
g_test = []
for table in tables:
    g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    g_test.append({"table": table, "statistic": float(g.statistic), "p": float(g.pvalue)})

proportions = []
for a, m, b, n in [(30, 100, 45, 100), (8, 1000, 25, 1500), (0, 20, 3, 20), (500000, 1000000, 501000, 1000000)]:
    entry = {"counts": [a, m, b, n]}
    for name, alternative in [("twoSided", "two-sided"), ("less", "smaller"), ("greater", "larger")]:
        z, p = proportions_ztest([a, b], [m, n], alternative=alternative)
        entry["z"], entry[name] = float(z), float(p)
    proportions.append(entry)

fisher = []
for a, m, b, n in [(8, 10, 1, 6), (0, 5, 5, 5), (30, 1000, 55, 1100), (1200, 20000, 1000, 21000), (3, 3, 3, 3)]:
    entry = {"counts": [a, m, b, n]}
    for name, alternative in [("twoSided", "two-sided"), ("less", "less"), ("greater", "greater")]:
        entry[name] = float(stats.fisher_exact([[a, m - a], [b, n - b]], alternative=alternative).pvalue)
    fisher.append(entry)

ranks = []
for m, n, shift, digits in [(7, 6, 0.0, 5), (8, 8, 1.0, 5), (13, 9, 0.5, 5), (150, 90, 0.3, 5), (40, 400, 0.1, 1), (300, 280, 0.0, 0)]:
    a = np.round(rng.normal(size=m), digits)
    b = np.round(rng.normal(size=n) + shift, digits)
    entry = {"a": a.tolist(), "b": b.tolist(), "isTied": bool(len(np.unique(np.concatenate([a, b]))) < m + n)}
    entry["energy"] = float(stats.energy_distance(a, b))
    entry["kruskal"] = [float(x) for x in stats.kruskal(a, b)]
    entry["cramerVonMises"] = [float(x) for x in (lambda r: (r.statistic, r.pvalue))(stats.cramervonmises_2samp(a, b))]
    entry["andersonDarling"] = [float(x) for x in (lambda r: (r.statistic, r.pvalue))(stats.anderson_ksamp([a, b]))]
    for name, alternative in [("twoSided", "two-sided"), ("less", "less"), ("greater", "greater")]:
        entry[name] = {
            "mannWhitney": float(stats.mannwhitneyu(a, b, alternative=alternative).pvalue),
            "welch": float(stats.ttest_ind(a, b, equal_var=False, alternative=alternative).pvalue),
            "student": float(stats.ttest_ind(a, b, alternative=alternative).pvalue),
            "kolmogorovSmirnov": float(stats.ks_2samp(a, b, alternative=alternative, method="exact").pvalue),
            "kolmogorovSmirnovAsymptotic": float(stats.ks_2samp(a, b, alternative=alternative, method="asymp").pvalue),
        }
    ranks.append(entry)

json.dump({"source": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}", "cases": cases, "kstwo": kstwo, "ksone": ksone,
           "kolmogorov": kolmogorov, "kolmogorovSmirnovPairs": pairs, "gTest": g_test,
           "proportions": proportions, "fisher": fisher, "ranks": ranks}, open("golden.json", "w"), separators=(",", ":"))
