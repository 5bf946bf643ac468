#' When models are solved exactly and when they are trained
#'
#' The structured part of a model, all but its networks, has a penalised
#' likelihood that Newton's method maximises exactly.
#' [fit()][fit.deepregression] does the following.
#'
#' - A model without networks is solved exactly, on all rows: `epochs`,
#'   `batch_size`, `validation_split` and early stopping do not matter.
#' - In a model with networks the structured part is solved first, with the
#'   networks at zero; then everything is trained jointly from there.
#' - With an `optimizer`, in `fit()` or [deepregression()], or with
#'   `fit(warm_start = FALSE)`, gradient descent alone trains the model.
#' - Where a term has no exact solution the model is trained, and the message
#'   of the history says why.
#'
#' @section The exact solution:
#' The objective is the mean over rows of -weight * log p(y | parameters) plus
#' the penalties. All parameters of the distribution are solved jointly, from
#' second derivatives of the log-density; a step that does not improve the
#' objective is shortened. The fit has converged when it is within 1e-7
#' standard errors of the optimum. The history is that of the iterations;
#' `history$exact` has their number, the largest slope and the condition of the
#' second derivatives.
#'
#' What is wrong with the data is a warning of class
#' `deepregression4j_fit_note` that names the terms: coefficients that can be
#' traded against each other (collinear columns, fewer rows than coefficients),
#' a likelihood that rises for ever (separation). The warning's text is shown by
#' [summary()][summary.deepregression], too. A density without bound (a constant
#' response) is an error that names the parameter.
#'
#' @section Smoothing parameters:
#' By default they come from the degrees of freedom of each smooth, see
#' [penalty_control()], and stay as they are. With
#' `penalty_control(select = "REML")` the exact solution chooses them by
#' restricted maximum likelihood, with Fellner-Schall updates between the
#' steps; with `select = "GCV"` by prediction error, over a sequence of exact
#' solutions of which the history shows the chosen one. For models with networks
#' this happens at the warm start; the training that follows keeps them.
#'
#' @section Training:
#' `epochs`, `batch_size`, `validation_split`, `early_stopping` and the
#' optimizer, as [fit()][fit.deepregression] has them. After training,
#' orthogonalisation moves what structured terms can explain from the networks
#' to the structured terms. [summary()][summary.deepregression] says how many
#' standard errors the coefficients are from their optimum.
#' @references Wood and Fasiolo (2017), A generalized Fellner-Schall method for
#'   smoothing parameter optimization.
#' @seealso [inference]
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' formulas <- list(~ 1 + s(times), ~ 1 + s(times))
#' model <- deepregression(mcycle$accel, formulas,
#'   data = mcycle, penalty_options = penalty_control(select = "REML")
#' )
#' history <- fit(model, verbose = FALSE)
#' history$exact$iterations
#' summary(model)
#' # Gradient descent instead:
#' trained <- deepregression(mcycle$accel, formulas, data = mcycle)
#' fit(trained, epochs = 20, optimizer = optimizer_adam(), verbose = FALSE)
#' }
#' @name fitting
NULL
