/* Debian's zlib1g-dev: the plain C interface, nothing of our own. */
#ifndef TIDEWATCH_CZLIB_SHIM_H
#define TIDEWATCH_CZLIB_SHIM_H

#include <zlib.h>

#endif
