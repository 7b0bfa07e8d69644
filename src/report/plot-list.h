/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of pictures that gnuplot draws.  No include guard. */
PLOT_KIND(ccdf)
PLOT_KIND(histogram)
PLOT_KIND(blame)
PLOT_KIND(sweep)
PLOT_KIND(heatmap)
