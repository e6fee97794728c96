// What reads every byte of every event is one function to the compiler, so that its state stays in registers.
#ifndef TIDEWATCH_INLINING_H
#define TIDEWATCH_INLINING_H

#define TIDEWATCH_INLINE __attribute__((always_inline)) inline

#endif
