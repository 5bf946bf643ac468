#' Semi-structured deep distributional regression without Python
#'
#' Every parameter of the response distribution has a predictor of structured
#' terms (linear, smooth, offset) and deep networks. The R side turns formulas
#' and data into the model specification (`docs/model-spec.md` in the sources);
#' a Java engine trains it inside 'ONNX Runtime'.
#'
#' @keywords internal
"_PACKAGE"

#' @importFrom magrittr %>%
#' @export
magrittr::`%>%`
