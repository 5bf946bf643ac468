#' Plot the smooth effects
#'
#' One panel per smooth of one or two variables: a line over the data with a rug
#' (a line per level with `by = factor`; for further columns of the response
#' further line types), or filled contours over the grid where there are data.
#' For a fitted model the shaded band is the effect plus and minus 1.96 of its
#' standard errors, see [inference]: 95 percent of the function on average.
#'
#' @param x a [deepregression()] model.
#' @param which numbers or names of the smooths; all by default.
#' @param which_param number or name of the parameter.
#' @param only_data `TRUE` returns the data without a plot.
#' @param grid_length points per variable of the contours.
#' @param main_multiple titles.
#' @param too_far share of the range of the variables; what is further than this
#'   from all data is left white in contours, as in [mgcv::plot.gam()].
#' @param type type of the line, as in [graphics::plot.default()].
#' @param ... further arguments of the plot.
#' @return Invisibly a list with one entry per smooth: `org_feature_name`,
#'   `value` (the variables, n rows), `design_mat` (n, p), `coef`,
#'   `partial_effect` (n, columns of the predictor); for two variables also `df` (the grid),
#'   `x` and `y`, and `partial_effect` is that of the grid. For a fitted model
#'   also `band`, half the width of the band, as `partial_effect`. A string when
#'   there is no smooth.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(
#'   mcycle$accel, list(~ 1 + s(times, df = 6), ~ 1), data = mcycle
#' )
#' plot(model)
#' }
#' @export
plot.deepregression <- function(x, which = NULL, which_param = 1,
                                only_data = FALSE, grid_length = 40,
                                main_multiple = NULL, too_far = 0.1,
                                type = "b", ...) {
  predictor <- model_predictor(x, which_param)
  smooths <- smooth_names(predictor)
  if (length(smooths) == 0) {
    return("No smooth effects. Nothing to plot.")
  }
  chosen <- choose_smooths(smooths, which)
  too_far <- check_number(too_far, "too_far", 0)
  out <- lapply(chosen, function(name) {
    effect_data(x, predictor, find_term(predictor, name), grid_length)
  })
  names(out) <- chosen
  if (!only_data) {
    titles <- if (is.null(main_multiple)) chosen else main_multiple
    titles <- rep(titles, length.out = length(out))
    Map(function(effect, title) {
      draw_effect(effect, title, type, too_far, ...)
    }, out, titles)
  }
  invisible(lapply(out, function(effect) effect[names(effect) != "by"]))
}

choose_smooths <- function(smooths, which) {
  if (is.null(which)) {
    return(smooths)
  }
  index <- if (is.character(which)) match(which, smooths) else which
  if (!all(index %in% seq_along(smooths))) {
    refuse("which: expected numbers from 1 to ", length(smooths), " or ",
      quote_names(smooths), ", got ", paste(which, collapse = ", ")
    )
  }
  smooths[index]
}

effect_data <- function(object, predictor, term, grid_length) {
  labels <- term$smooths[[1]]$object$term
  margins <- lapply(labels, function(text) parse(text = text)[[1]])
  values <- lapply(margins, eval, object$data, baseenv())
  out <- list(
    org_feature_name = labels,
    value = as.data.frame(stats::setNames(values, labels), optional = TRUE),
    design_mat = effect_design(object, term),
    coef = term_coefficients(object, predictor$name, term$name),
    partial_effect = term_effect(object, predictor$name, term)
  )
  if (!is.null(term$by)) {
    out$by <- eval(parse(text = term$by)[[1]], object$data, baseenv())
  }
  out$band <- effect_band(object, predictor$name, term)
  flat <- length(values) == 2 && is.null(term$by) &&
    all(vapply(margins, is.name, NA)) && all(vapply(values, is.numeric, NA))
  if (flat) grid_effect(object, predictor, term, out, grid_length) else out
}

#' The effect on a grid over the ranges of two variables
#' @noRd
grid_effect <- function(object, predictor, term, effect, grid_length) {
  ranges <- lapply(effect$value, function(v) {
    seq(min(v), max(v), length.out = grid_length)
  })
  grid <- expand.grid(ranges)
  names(grid) <- effect$org_feature_name
  newdata <- as.list(grid)
  effect$partial_effect <- term_effect(object, predictor$name, term, newdata)
  effect$band <- effect_band(object, predictor$name, term, newdata)
  effect$df <- grid
  effect$x <- ranges[[1]]
  effect$y <- ranges[[2]]
  effect
}

draw_effect <- function(effect, title, type, too_far, ...) {
  if (!is.null(effect$df)) {
    return(draw_contour(effect, title, too_far, ...))
  }
  value <- effect$value[[1]]
  if (ncol(effect$value) > 1) {
    message("'", title, "' has ", ncol(effect$value), " variables: no plot")
  } else if (is.numeric(value)) {
    draw_lines(effect, value, title, type, ...)
  } else {
    draw_levels(effect, as.factor(value), title, ...)
  }
}

#' Merge settings of the user over those of a plot and draw it
#' @noRd
draw <- function(plot_function, defaults, ...) {
  do.call(plot_function, utils::modifyList(defaults, list(...)),
    envir = environment(draw)
  )
}

#' Filled contours with room for the labels of the axes and the key, white
#' where there are no data, which are drawn as light points
#' @noRd
draw_contour <- function(effect, title, too_far, ...) {
  height <- matrix(effect$partial_effect[, 1], length(effect$x))
  height[far_from_data(effect$df, effect$value, too_far)] <- NA
  labels <- c(pretty(effect$y), pretty(range(height, finite = TRUE)))
  room <- max(nchar(format(labels, trim = TRUE))) * 0.6 + 2.6
  margins <- pmax(graphics::par("mar"), c(4.1, max(4.1, room), 3.1, 2.1))
  old <- graphics::par(mar = margins)
  on.exit(graphics::par(old))
  draw(graphics::filled.contour, list(
    x = effect$x, y = effect$y, z = height, las = 1,
    plot.title = call("contour_titles", effect, title, margins[2], list(...)),
    plot.axes = call("contour_axes", effect),
    color.palette = grDevices::terrain.colors
  ), ...)
}

contour_titles <- function(effect, title, left, given) {
  texts <- utils::modifyList(list(
    main = title, xlab = effect$org_feature_name[1],
    ylab = effect$org_feature_name[2]
  ), given[intersect(names(given), c("main", "xlab", "ylab"))])
  graphics::title(main = texts$main, xlab = texts$xlab)
  graphics::title(ylab = texts$ylab, line = left - 1.2)
}

contour_axes <- function(effect) {
  graphics::axis(1)
  graphics::axis(2, las = 1)
  graphics::points(effect$value,
    pch = 20, cex = 0.3, col = grDevices::adjustcolor("black", 0.25)
  )
}

#' Which points of a grid are far from all data, as shares of the grid's ranges
#' @noRd
far_from_data <- function(grid, data, share) {
  size <- vapply(grid, function(g) max(diff(range(g)), 1e-300), 0)
  low <- vapply(grid, min, 0)
  # Data that are as good as the same are one point: a large n stays fast.
  near <- unique(round(scale(as.matrix(data), low, size), 2))
  at <- scale(as.matrix(grid), low, size)
  distance <- vapply(seq_len(nrow(at)), function(i) {
    min((near[, 1] - at[i, 1])^2 + (near[, 2] - at[i, 2])^2)
  }, 0)
  distance > share^2
}

draw_lines <- function(effect, value, title, type, ...) {
  height <- effect$partial_effect
  groups <- effect_groups(effect, value)
  draw(graphics::plot, list(
    x = rep(value, ncol(height)), y = as.vector(height), type = "n",
    main = title, xlab = effect$org_feature_name, ylab = "partial effect",
    las = 1, ylim = range(height, effect_limits(effect), finite = TRUE)
  ), ...)
  for (i in seq_along(levels(groups))) {
    rows <- which(groups == levels(groups)[i])
    rows <- rows[order(value[rows])]
    rows <- rows[!duplicated(value[rows])]
    draw_band(effect, value, rows)
    graphics::matlines(value[rows], height[rows, , drop = FALSE],
      type = type, col = i, lty = seq_len(ncol(height)), pch = 1, cex = 0.5
    )
  }
  if (nlevels(groups) > 1) line_legend(levels(groups))
  graphics::rug(unique(value))
}

line_legend <- function(levels) {
  graphics::legend("topright", levels,
    col = seq_along(levels), lty = 1, bty = "n"
  )
}

#' The levels of a factor `by`, or one for all rows
#' @noRd
effect_groups <- function(effect, value) {
  if (is.factor(effect$by) || is.character(effect$by)) {
    as.factor(effect$by)
  } else {
    factor(rep("all", length(value)))
  }
}

#' Ends of the band, (n, 2); NULL without one
#' @noRd
effect_limits <- function(effect) {
  if (!is.null(effect$band)) {
    effect$partial_effect[, 1] + outer(effect$band[, 1], c(-1, 1))
  }
}

#' @param rows in the order of their values.
#' @noRd
draw_band <- function(effect, value, rows) {
  limits <- effect_limits(effect)
  if (is.null(limits)) {
    return(invisible())
  }
  graphics::polygon(c(value[rows], rev(value[rows])),
    c(limits[rows, 1], rev(limits[rows, 2])),
    col = grDevices::adjustcolor("grey50", 0.3), border = NA
  )
}

draw_levels <- function(effect, value, title, ...) {
  first <- match(levels(value), value)
  height <- stats::setNames(effect$partial_effect[first, 1], levels(value))
  draw(graphics::dotchart, list(
    x = height[!is.na(height)], main = title, xlab = "partial effect"
  ), ...)
}
