#' How formulas are processed
#'
#' The first two arguments are accepted for compatibility: smooths are always
#' constructed before the model, and formulas are always checked.
#'
#' @param precalculate_gamparts Construct smooths before the model is built.
#' @param check_form Check the formulas before the model is built.
#' @param basis_rows Smooths of data with more rows are constructed from so many
#'   of them: their knots, centring and the lambda that `df` stands for. The
#'   rows are drawn, always the same ones, with those that have the smallest and
#'   largest values and each level of the smooth's variables. [mgcv::bam()] goes
#'   about it likewise. `Inf` takes all rows, as [mgcv::gam()] does. The fit
#'   uses all rows either way.
#' @return A list of class `form_control`.
#' @examples
#' form_control()
#' @export
form_control <- function(precalculate_gamparts = TRUE, check_form = TRUE,
                         basis_rows = 20000) {
  control <- list(
    precalculate_gamparts = check_flag(precalculate_gamparts,
                                       "precalculate_gamparts"),
    check_form = check_flag(check_form, "check_form"),
    basis_rows = check_positive(basis_rows, "basis_rows")
  )
  structure(control, class = c("form_control", "list"))
}
