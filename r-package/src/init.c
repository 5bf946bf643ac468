#include "arrow_export.h"
#include <R_ext/Rdynload.h>

static const R_CallMethodDef methods[] = {
  {"dr4j_export", (DL_FUNC) &dr4j_export, 1},
  {"dr4j_addresses", (DL_FUNC) &dr4j_addresses, 1},
  {"dr4j_discard", (DL_FUNC) &dr4j_discard, 1},
  {"dr4j_drain", (DL_FUNC) &dr4j_drain, 0},
  {"dr4j_address", (DL_FUNC) &dr4j_address, 1},
  {NULL, NULL, 0}
};

void R_init_deepregression4j(DllInfo *dll) {
  R_registerRoutines(dll, NULL, methods, NULL, NULL);
  R_useDynamicSymbols(dll, FALSE);
  R_forceSymbols(dll, TRUE);
}
