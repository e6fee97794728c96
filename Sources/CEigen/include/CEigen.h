#ifndef TIDEWATCH_CEIGEN_H
#define TIDEWATCH_CEIGEN_H

/* Linear algebra from Eigen. Nothing throws; one thread. */

#ifdef __cplusplus
extern "C" {
#endif

/// Eigenvalues, ascending, and eigenvectors of a symmetric matrix of size x size numbers (its lower triangle is read).
/// Vector k stands in vectors[k * size ..< (k + 1) * size], of length 1. Returns 0, or 1 where it did not converge or a
/// number was not finite; the results then mean nothing.
int td_symmetric_eigen(const double *matrix, int size, double *values, double *vectors);

#ifdef __cplusplus
}
#endif

#endif
