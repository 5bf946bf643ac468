# Constructors of distributions by name, made from one table.

#' Constructors tfd_<name>: of each the families it may make, with their
#' parameters and options; the one whose arguments are given is made. An option
#' with "?" may be left out.
#' @noRd
distribution_table <- list(
  normal = list(normal = c("loc", "scale")),
  bernoulli = list(bernoulli = "logits", bernoulli_prob = "probs"),
  beta = list(beta = c("concentration1", "concentration0")),
  betar = list(betar = c("mu", "sigma")),
  cauchy = list(cauchy = c("loc", "scale")),
  chi = list(chi = "df"),
  chi2 = list(chi2 = "df"),
  deterministic = list(deterministic = "loc"),
  exponential = list(exponential = "rate"),
  gamma = list(gamma = c("concentration", "rate")),
  gammar = list(gammar = c("mu", "sigma")),
  gumbel = list(gumbel = c("loc", "scale")),
  half_cauchy = list(half_cauchy = c("loc", "scale")),
  half_normal = list(half_normal = "scale"),
  horseshoe = list(horseshoe = "scale"),
  inverse_gamma = list(inverse_gamma = c("concentration", "scale")),
  inverse_gamma_ls = list(inverse_gamma_ls = c("mode", "concentration")),
  inverse_gaussian = list(inverse_gaussian = c("loc", "concentration")),
  laplace = list(laplace = c("loc", "scale")),
  log_normal = list(log_normal = c("loc", "scale")),
  logistic = list(logistic = c("loc", "scale")),
  negative_binomial = list(negbinom = c("total_count", "probs")),
  negbinom_ls = list(negbinom_ls = c("mu", "r")),
  one_hot_categorical = list(multinoulli = "logits", multinomial = "probs"),
  pareto = list(pareto = c("concentration", "scale")),
  pareto_ls = list(pareto_ls = c("scale", "concentration")),
  poisson = list(poisson = "rate", poisson_lograte = "log_rate"),
  student_t = list(
    student_t_ls = c("df", "loc", "scale"), student_t = "df"
  ),
  uniform = list(uniform = c("low", "high")),
  zinb = list(zinb = c("mu", "r", "prob")),
  zip = list(zip = c("lambda", "prob")),
  beta_binomial = list(
    beta_binomial = c("concentration1", "concentration0", "trials")
  ),
  binomial = list(binomial = c("logits", "trials")),
  censored_normal = list(
    censored_normal = c("loc", "scale", "low?", "high?")
  ),
  dirichlet = list(dirichlet = "concentration"),
  dirichlet_multinomial = list(
    dirichlet_multinomial = c("concentration", "trials?")
  ),
  gamma_gamma = list(
    gamma_gamma = c("concentration", "mixing_concentration", "mixing_rate")
  ),
  generalized_extreme_value = list(gev = c("loc", "scale", "shape")),
  generalized_pareto = list(gpd = c("scale", "shape")),
  generalized_poisson = list(generalized_poisson = c("rate", "dispersion")),
  geometric = list(geometric = "probs"),
  kumaraswamy = list(kumaraswamy = c("concentration1", "concentration0")),
  sinh_arcsinh = list(
    sinh_arcsinh = c("loc", "scale", "skewness", "tailweight")
  ),
  skew_normal = list(skew_normal = c("loc", "scale", "skewness")),
  truncated_normal = list(
    truncated_normal = c("loc", "scale", "low?", "high?")
  ),
  tweedie = list(tweedie = c("mu", "dispersion", "power?")),
  von_mises = list(von_mises = c("loc", "concentration")),
  von_mises_fisher = list(von_mises_fisher = "direction"),
  weibull = list(weibull = c("concentration", "scale")),
  zero_adjusted_gamma = list(
    zero_adjusted_gamma = c("logit_at_0", "mu", "sigma")
  ),
  zero_one_inflated_beta = list(
    zero_one_inflated_beta = c("logit_at_0", "logit_at_1", "mu", "sigma")
  ),
  zipf = list(zipf = "power_above_one")
)

#' Function tfd_<name>, its arguments those of the table
#' @noRd
distribution_constructor <- function(name) {
  variants <- distribution_table[[name]]
  words <- unique(unlist(variants))
  shared <- Reduce(intersect, variants)
  arguments <- sub("?", "", words, fixed = TRUE)
  needed <- words %in% shared & words == arguments
  call <- as.call(c(quote(list), lapply(arguments, as.name)))
  names(call) <- c("", arguments)
  as.function(
    c(
      stats::setNames(
        ifelse(needed, alist(x = ), alist(x = NULL)), arguments
      ),
      call("construct_distribution", name, call)
    ),
    envir = topenv()
  )
}

#' The distribution of the variant whose arguments are given
#' @noRd
construct_distribution <- function(name, values) {
  values <- drop_null(values)
  variants <- lapply(distribution_table[[name]], function(words) {
    list(
      all = sub("?", "", words, fixed = TRUE),
      needed = words[!grepl("?", words, fixed = TRUE)]
    )
  })
  fits <- vapply(variants, function(variant) {
    all(variant$needed %in% names(values)) &&
      all(names(values) %in% variant$all)
  }, NA)
  if (!any(fits)) {
    choices <- vapply(variants, function(v) quote_names(v$needed), "")
    refuse("tfd_", name, "(): expected ", paste(choices, collapse = " or "),
      ", got ", quote_names(names(values))
    )
  }
  do.call(tfd_distribution, c(list(names(variants)[fits]), values))
}

#' @rdname tfd_distribution
#' @export
tfd_bernoulli <- distribution_constructor("bernoulli")

#' @rdname tfd_distribution
#' @export
tfd_beta <- distribution_constructor("beta")

#' @rdname tfd_distribution
#' @export
tfd_beta_binomial <- distribution_constructor("beta_binomial")

#' @rdname tfd_distribution
#' @export
tfd_betar <- distribution_constructor("betar")

#' @rdname tfd_distribution
#' @export
tfd_binomial <- distribution_constructor("binomial")

#' @rdname tfd_distribution
#' @export
tfd_cauchy <- distribution_constructor("cauchy")

#' @rdname tfd_distribution
#' @export
tfd_censored_normal <- distribution_constructor("censored_normal")

#' @rdname tfd_distribution
#' @export
tfd_chi <- distribution_constructor("chi")

#' @rdname tfd_distribution
#' @export
tfd_chi2 <- distribution_constructor("chi2")

#' @rdname tfd_distribution
#' @export
tfd_deterministic <- distribution_constructor("deterministic")

#' @rdname tfd_distribution
#' @export
tfd_dirichlet <- distribution_constructor("dirichlet")

#' @rdname tfd_distribution
#' @export
tfd_dirichlet_multinomial <- distribution_constructor("dirichlet_multinomial")

#' @rdname tfd_distribution
#' @export
tfd_exponential <- distribution_constructor("exponential")

#' @rdname tfd_distribution
#' @export
tfd_gamma <- distribution_constructor("gamma")

#' @rdname tfd_distribution
#' @export
tfd_gamma_gamma <- distribution_constructor("gamma_gamma")

#' @rdname tfd_distribution
#' @export
tfd_gammar <- distribution_constructor("gammar")

#' @rdname tfd_distribution
#' @export
tfd_generalized_extreme_value <-
  distribution_constructor("generalized_extreme_value")

#' @rdname tfd_distribution
#' @export
tfd_generalized_pareto <- distribution_constructor("generalized_pareto")

#' @rdname tfd_distribution
#' @export
tfd_generalized_poisson <- distribution_constructor("generalized_poisson")

#' @rdname tfd_distribution
#' @export
tfd_geometric <- distribution_constructor("geometric")

#' @rdname tfd_distribution
#' @export
tfd_gumbel <- distribution_constructor("gumbel")

#' @rdname tfd_distribution
#' @export
tfd_half_cauchy <- distribution_constructor("half_cauchy")

#' @rdname tfd_distribution
#' @export
tfd_half_normal <- distribution_constructor("half_normal")

#' @rdname tfd_distribution
#' @export
tfd_horseshoe <- distribution_constructor("horseshoe")

#' @rdname tfd_distribution
#' @export
tfd_inverse_gamma <- distribution_constructor("inverse_gamma")

#' @rdname tfd_distribution
#' @export
tfd_inverse_gamma_ls <- distribution_constructor("inverse_gamma_ls")

#' @rdname tfd_distribution
#' @export
tfd_inverse_gaussian <- distribution_constructor("inverse_gaussian")

#' @rdname tfd_distribution
#' @export
tfd_kumaraswamy <- distribution_constructor("kumaraswamy")

#' @rdname tfd_distribution
#' @export
tfd_laplace <- distribution_constructor("laplace")

#' @rdname tfd_distribution
#' @export
tfd_log_normal <- distribution_constructor("log_normal")

#' @rdname tfd_distribution
#' @export
tfd_logistic <- distribution_constructor("logistic")

#' @rdname tfd_distribution
#' @export
tfd_negative_binomial <- distribution_constructor("negative_binomial")

#' @rdname tfd_distribution
#' @export
tfd_negbinom_ls <- distribution_constructor("negbinom_ls")

#' @rdname tfd_distribution
#' @export
tfd_normal <- distribution_constructor("normal")

#' @rdname tfd_distribution
#' @export
tfd_one_hot_categorical <- distribution_constructor("one_hot_categorical")

#' @rdname tfd_distribution
#' @export
tfd_pareto <- distribution_constructor("pareto")

#' @rdname tfd_distribution
#' @export
tfd_pareto_ls <- distribution_constructor("pareto_ls")

#' @rdname tfd_distribution
#' @export
tfd_poisson <- distribution_constructor("poisson")

#' @rdname tfd_distribution
#' @export
tfd_sinh_arcsinh <- distribution_constructor("sinh_arcsinh")

#' @rdname tfd_distribution
#' @export
tfd_skew_normal <- distribution_constructor("skew_normal")

#' @rdname tfd_distribution
#' @export
tfd_student_t <- distribution_constructor("student_t")

#' @rdname tfd_distribution
#' @export
tfd_truncated_normal <- distribution_constructor("truncated_normal")

#' @rdname tfd_distribution
#' @export
tfd_tweedie <- distribution_constructor("tweedie")

#' @rdname tfd_distribution
#' @export
tfd_uniform <- distribution_constructor("uniform")

#' @rdname tfd_distribution
#' @export
tfd_von_mises <- distribution_constructor("von_mises")

#' @rdname tfd_distribution
#' @export
tfd_von_mises_fisher <- distribution_constructor("von_mises_fisher")

#' @rdname tfd_distribution
#' @export
tfd_weibull <- distribution_constructor("weibull")

#' @rdname tfd_distribution
#' @export
tfd_zero_adjusted_gamma <- distribution_constructor("zero_adjusted_gamma")

#' @rdname tfd_distribution
#' @export
tfd_zero_one_inflated_beta <- distribution_constructor("zero_one_inflated_beta")

#' @rdname tfd_distribution
#' @export
tfd_zinb <- distribution_constructor("zinb")

#' @rdname tfd_distribution
#' @export
tfd_zip <- distribution_constructor("zip")

#' @rdname tfd_distribution
#' @export
tfd_zipf <- distribution_constructor("zipf")
