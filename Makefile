# make demo   house prices, from formulas in R to scores in a JVM without R
# make test   every test: Java, the R package, and what crosses languages
# make install, format, document, clean
#
# Each sets the machine up first (.ci/setup), and builds what has changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

LIBRARY := $(CURDIR)/.r-library
VERSION := $(shell sed -n 's/^Version: //p' r-package/DESCRIPTION)
PACKAGE := target/deepregression4j_$(VERSION).tar.gz
JAVA_PARTS := onnx-export java-engine arrow-bridge
JAVA_SOURCES := pom.xml $(JAVA_PARTS:%=%/pom.xml) \
  $(shell find $(JAVA_PARTS:%=%/src/main) -type f)
R_SOURCES := $(shell find r-package -type f \
  -not -path 'r-package/inst/java/*' -not -name '*.o' -not -name '*.so')

# What .ci/summary reads: an old run must not pass for this one.
REPORTS := $(foreach p,$(JAVA_PARTS) tests,$(p)/target/surefire-reports) \
  target/deepregression4j.Rcheck

# Make evaluates nothing before .ci/setup has run: the shell asks for the JDK.
WITH_JAVA := export JAVA_HOME="$$(.ci/java-home)";
WITH_R := $(WITH_JAVA) export R_LIBS="$(LIBRARY)";
MAVEN := mvn -B -ntp $(MAVEN_OPTIONS)

.PHONY: help setup install demo test test-java test-r format document clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -5

setup:
	@.ci/setup

# The jars go to r-package/inst/java.
target/jars: $(JAVA_SOURCES) | setup
	@mkdir -p target
	@$(WITH_JAVA) $(MAVEN) -q package -pl arrow-bridge -am -DskipTests
	@touch $@

$(PACKAGE): target/jars $(R_SOURCES) | setup
	@cd target && rm -f deepregression4j_*.tar.gz && R CMD build ../r-package

# In a folder of its own: nothing of the machine's R changes.
$(LIBRARY)/deepregression4j/DESCRIPTION: $(PACKAGE)
	@mkdir -p "$(LIBRARY)"
	@$(WITH_R) R CMD INSTALL --library="$(LIBRARY)" $(PACKAGE)
	@touch $@

install: $(LIBRARY)/deepregression4j/DESCRIPTION

demo: install
	@$(WITH_R) Rscript tests/demo/house.R

# Everything runs, whatever fails before it; the summary has the last word.
test: install
	@rm -rf $(REPORTS)
	@status=0; \
	$(MAKE) -k --no-print-directory test-java test-r \
	  MAVEN_OPTIONS="-Dmaven.test.failure.ignore=true $(MAVEN_OPTIONS)" || status=1; \
	.ci/summary || status=1; \
	exit $$status

# Also spotless, doclint, the order of modules, and `tests`: R against Java.
test-java: install
	@$(WITH_R) $(MAVEN) verify

test-r: install
	@rm -rf target/deepregression4j.Rcheck
	@$(WITH_JAVA) cd target && NOT_CRAN=true \
	  R CMD check --no-manual --run-donttest ../$(PACKAGE)
	@.ci/check-clean target/deepregression4j.Rcheck/00check.log

format: setup
	@$(WITH_JAVA) $(MAVEN) -q spotless:apply

# The manual and NAMESPACE, from the comments in r-package/R; needs roxygen2.
document:
	@cd r-package && Rscript -e 'roxygen2::roxygenise(load_code = "source")'

clean:
	rm -rf target .r-library demo-output r-package/inst/java \
	  $(foreach p,$(JAVA_PARTS) tests,$(p)/target) r-package/src/*.o r-package/src/*.so
