#ifndef TIDEWATCH_CBOOSTMATH_H
#define TIDEWATCH_CBOOSTMATH_H

/* Distribution functions from Boost.Math. None throws, none sets an error that a caller must read: an argument outside
   the domain gives NaN. */

#ifdef __cplusplus
extern "C" {
#endif

/// P(X > x) of the chi-square distribution; degrees > 0, x >= 0.
double td_chi_squared_upper_tail(double x, double degrees);

/// P(X > x) of the non-central chi-square distribution; degrees > 0, non_centrality >= 0, x >= 0.
double td_non_central_chi_squared_upper_tail(double x, double degrees, double non_centrality);

/// P(X <= x) of the standard normal distribution.
double td_normal_lower_tail(double x);

/// The x with P(X <= x) = p of the standard normal distribution; 0 < p < 1.
double td_normal_quantile(double p);

#ifdef __cplusplus
}
#endif

#endif
