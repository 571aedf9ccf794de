# Thin calls of the programs in setup/, each of which works without make and tells more with --help.
.DEFAULT_GOAL := help
.PHONY: help demo test test-cluster lint bench shell psql start stop clean install test-odoo package

demo:       ## set everything up, load the demonstration company, start Odoo, report on one lot
	@setup/demo
test:       ## run everything: lint, unit, addon, browser, RPC and fault tests
	@setup/test
test-cluster: ## two Odoo servers, one PostgreSQL and its replica; each server dies under load
	@setup/test_cluster
lint:       ## check the source
	@setup/lint
bench:      ## run the benchmarks
	@setup/bench
shell:      ## odoo shell on the demonstration's database
	@setup/shell
psql:       ## psql on the demonstration's database
	@setup/psql
start:      ## start the demonstration's Odoo again
	@setup/start
stop:       ## stop Odoo and the private PostgreSQL
	@setup/stop
clean:      ## forget everything made here; downloads stay in the user's cache
	@setup/clean
install:    ## only get what is missing: Odoo, Python packages, PostgreSQL
	@setup/install
test-odoo:  ## Odoo's own tests of the addons we build on, with ours installed
	@setup/test-odoo
package:    ## one zip of our addons, for an Odoo that is already there
	@setup/package
help:       ## this list
	@grep -hE '^[a-z-]+: +##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+): +## /  make \1\t/' | expand -t 20
