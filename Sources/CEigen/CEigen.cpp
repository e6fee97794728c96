#include "CEigen.h"

#include <algorithm>
#include <eigen3/Eigen/Eigenvalues>

extern "C" int td_symmetric_eigen(const double *matrix, int size, double *values, double *vectors) {
    // Row by row or column by column is the same for a symmetric matrix.
    const Eigen::Map<const Eigen::MatrixXd> given(matrix, size, size);
    if (size < 1 || !given.allFinite()) return 1;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(given);
    if (solver.info() != Eigen::Success) return 1;
    std::copy_n(solver.eigenvalues().data(), size, values);
    std::copy_n(solver.eigenvectors().data(), static_cast<long>(size) * size, vectors);
    return 0;
}
