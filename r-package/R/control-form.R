#' How formulas are processed
#'
#' Both arguments are accepted for compatibility: smooths are always
#' constructed before the model, and formulas are always checked.
#'
#' @param precalculate_gamparts Construct smooths before the model is built.
#' @param check_form Check the formulas before the model is built.
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
