#' How formulas are processed
#'
#' @param precalculate_gamparts Construct the smooths of all formulas together
#'   and once, so that a smooth which appears in two formulas is built once.
#' @param check_form Check the formulas before anything is built.
#' @return A list of class `form_control`.
#' @examples
#' form_control()
#' @export
form_control <- function(precalculate_gamparts = TRUE, check_form = TRUE) {
  control <- list(
    precalculate_gamparts = check_flag(precalculate_gamparts,
                                       "precalculate_gamparts"),
    check_form = check_flag(check_form, "check_form")
  )
  structure(control, class = c("form_control", "list"))
}
