#ifndef DEEPREGRESSION4J_ARROW_EXPORT_H
#define DEEPREGRESSION4J_ARROW_EXPORT_H

#include <Rinternals.h>

/* A named list of vectors -> external pointer that owns an ArrowArray and an
 * ArrowSchema until someone imports them. */
SEXP dr4j_export(SEXP columns);
/* -> the two addresses as decimal text */
SEXP dr4j_addresses(SEXP exported);
/* Frees what no one imported; harmless after an import. */
SEXP dr4j_discard(SEXP exported);
/* Lets go of the R vectors that Java has released; -> vectors still lent */
SEXP dr4j_drain(void);
/* Address of a double vector's memory as decimal text */
SEXP dr4j_address(SEXP vector);

#endif
