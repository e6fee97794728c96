#include "CBoostMath.h"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
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
}  // namespace

extern "C" double td_chi_squared_upper_tail(double x, double degrees) {
    if (!(x >= 0) || !(degrees > 0)) return undefined;
    if (x == std::numeric_limits<double>::infinity()) return 0;
    return cdf(complement(boost::math::chi_squared_distribution<double, Quiet>(degrees), x));
}

extern "C" double td_non_central_chi_squared_upper_tail(double x, double degrees, double non_centrality) {
    if (!(x >= 0) || !(degrees > 0) || !(non_centrality >= 0)) return undefined;
    if (x == std::numeric_limits<double>::infinity()) return 0;
    return cdf(complement(
        boost::math::non_central_chi_squared_distribution<double, Quiet>(degrees, non_centrality), x));
}

extern "C" double td_normal_lower_tail(double x) { return cdf(Normal(), x); }

extern "C" double td_normal_quantile(double p) {
    if (!(p > 0 && p < 1)) return undefined;
    return quantile(Normal(), p);
}
