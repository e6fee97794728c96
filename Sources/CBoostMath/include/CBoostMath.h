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

/// The x with P(X <= x) = p of the chi-square distribution; degrees > 0, 0 <= p < 1.
double td_chi_squared_quantile(double p, double degrees);

/// P(X <= x) of the standard normal distribution.
double td_normal_lower_tail(double x);

/// P(X > x) of the standard normal distribution; keeps its digits where the lower tail is close to 1.
double td_normal_upper_tail(double x);

/// The x with P(X <= x) = p of the standard normal distribution; 0 < p < 1.
double td_normal_quantile(double p);

/// P(X > x) of Student's t distribution; degrees > 0.
double td_student_t_upper_tail(double x, double degrees);

/// The x with P(X <= x) = p of Student's t distribution; degrees > 0, 0 < p < 1.
double td_student_t_quantile(double p, double degrees);

/// P(X > x) of the non-central t distribution; degrees > 0.
double td_non_central_t_upper_tail(double x, double degrees, double non_centrality);

/// P(X > x) of the F distribution; both degrees > 0, x >= 0.
double td_f_upper_tail(double x, double numerator_degrees, double denominator_degrees);

/// P(X <= x) of the beta distribution; a > 0, b > 0, 0 <= x <= 1.
double td_beta_lower_tail(double x, double a, double b);

/// The x with P(X <= x) = p of the beta distribution; a > 0, b > 0, 0 <= p <= 1.
double td_beta_quantile(double p, double a, double b);

/// P(X > x) of the gamma distribution; shape > 0, scale > 0, x >= 0.
double td_gamma_upper_tail(double x, double shape, double scale);

/// P(X = k) of the hypergeometric distribution: k marked among `draws` of `total`, of which `marked` are marked. NaN
/// where k is impossible. Exact up to totals of about 10^5; the logarithm of factorials beyond.
double td_hypergeometric_probability(unsigned k, unsigned marked, unsigned draws, unsigned total);

/// The natural logarithm of the gamma function at x > 0. Unlike the C library's it writes no global.
double td_log_gamma(double x);

#ifdef __cplusplus
}
#endif

#endif
