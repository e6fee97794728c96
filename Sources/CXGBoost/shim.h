/* Debian's libxgboost-dev (1.7.4): the plain C interface, nothing of our own. */
#ifndef TIDEWATCH_CXGBOOST_SHIM_H
#define TIDEWATCH_CXGBOOST_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <xgboost/c_api.h>

#endif
