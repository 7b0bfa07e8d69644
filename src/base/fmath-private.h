/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exp, log and pow that give the same bits on every IEEE machine, which those
 * of libm do not.  Private to this directory.
 */
#ifndef PREEMPTSIM_BASE_FMATH_PRIVATE_H
#define PREEMPTSIM_BASE_FMATH_PRIVATE_H

double fm_exp(double x);
double fm_log(double x);
double fm_pow(double x, double y);

#endif /* PREEMPTSIM_BASE_FMATH_PRIVATE_H */
