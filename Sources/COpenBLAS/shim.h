/* Debian's libopenblas-serial-dev (no threads of its own): the CBLAS interface, nothing of our own. */
#ifndef TIDEWATCH_COPENBLAS_SHIM_H
#define TIDEWATCH_COPENBLAS_SHIM_H

#include <cblas.h>

#endif
