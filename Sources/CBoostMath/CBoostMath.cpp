#include "CBoostMath.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/hypergeometric.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace {
using namespace boost::math::policies;
// NaN or infinity instead of an exception: none may cross into Swift. Doubles stay doubles, for speed and for the same
// digits on every machine.
using Quiet = policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
                     underflow_error<ignore_error>, denorm_error<ignore_error>, evaluation_error<ignore_error>,
                     rounding_error<ignore_error>, indeterminate_result_error<ignore_error>, promote_double<false>>;
using Normal = boost::math::normal_distribution<double, Quiet>;
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();
}  // namespace

extern "C" double td_chi_squared_upper_tail(double x, double degrees) {
    if (!(x >= 0) || !(degrees > 0)) return undefined;
    if (x == infinite) return 0;
    return cdf(complement(boost::math::chi_squared_distribution<double, Quiet>(degrees), x));
}

extern "C" double td_non_central_chi_squared_upper_tail(double x, double degrees, double non_centrality) {
    if (!(x >= 0) || !(degrees > 0) || !(non_centrality >= 0)) return undefined;
    if (x == infinite) return 0;
    return cdf(complement(
        boost::math::non_central_chi_squared_distribution<double, Quiet>(degrees, non_centrality), x));
}

extern "C" double td_chi_squared_quantile(double p, double degrees) {
    if (!(p >= 0 && p < 1) || !(degrees > 0)) return undefined;
    return quantile(boost::math::chi_squared_distribution<double, Quiet>(degrees), p);
}

extern "C" double td_normal_lower_tail(double x) { return cdf(Normal(), x); }

extern "C" double td_normal_upper_tail(double x) { return cdf(complement(Normal(), x)); }

extern "C" double td_normal_quantile(double p) {
    if (!(p > 0 && p < 1)) return undefined;
    return quantile(Normal(), p);
}

extern "C" double td_student_t_upper_tail(double x, double degrees) {
    if (std::isnan(x) || !(degrees > 0)) return undefined;
    if (std::isinf(x)) return x > 0 ? 0 : 1;
    return cdf(complement(boost::math::students_t_distribution<double, Quiet>(degrees), x));
}

extern "C" double td_student_t_quantile(double p, double degrees) {
    if (!(p > 0 && p < 1) || !(degrees > 0)) return undefined;
    return quantile(boost::math::students_t_distribution<double, Quiet>(degrees), p);
}

extern "C" double td_non_central_t_upper_tail(double x, double degrees, double non_centrality) {
    if (std::isnan(x) || !(degrees > 0) || !std::isfinite(non_centrality)) return undefined;
    if (std::isinf(x)) return x > 0 ? 0 : 1;
    return cdf(complement(boost::math::non_central_t_distribution<double, Quiet>(degrees, non_centrality), x));
}

extern "C" double td_f_upper_tail(double x, double numerator_degrees, double denominator_degrees) {
    if (!(x >= 0) || !(numerator_degrees > 0) || !(denominator_degrees > 0)) return undefined;
    if (x == infinite) return 0;
    return cdf(complement(
        boost::math::fisher_f_distribution<double, Quiet>(numerator_degrees, denominator_degrees), x));
}

extern "C" double td_beta_lower_tail(double x, double a, double b) {
    if (!(x >= 0 && x <= 1) || !(a > 0) || !(b > 0)) return undefined;
    return cdf(boost::math::beta_distribution<double, Quiet>(a, b), x);
}

extern "C" double td_beta_quantile(double p, double a, double b) {
    if (!(p >= 0 && p <= 1) || !(a > 0) || !(b > 0)) return undefined;
    return quantile(boost::math::beta_distribution<double, Quiet>(a, b), p);
}

extern "C" double td_gamma_upper_tail(double x, double shape, double scale) {
    if (!(x >= 0) || !(shape > 0) || !(scale > 0)) return undefined;
    if (x == infinite) return 0;
    return cdf(complement(boost::math::gamma_distribution<double, Quiet>(shape, scale), x));
}

extern "C" double td_hypergeometric_probability(unsigned k, unsigned marked, unsigned draws, unsigned total) {
    if (marked > total || draws > total || k > std::min(marked, draws)) return undefined;
    if (static_cast<unsigned long long>(marked) + draws > static_cast<unsigned long long>(total) + k) return undefined;
    return pdf(boost::math::hypergeometric_distribution<double, Quiet>(marked, draws, total), k);
}

extern "C" double td_log_gamma(double x) {
    if (!(x > 0)) return undefined;
    return boost::math::lgamma(x, Quiet());
}
