# commerce-setup. `make help` lists what can be made; everything made lies under build/.

VARIANT ?=
B ?= build$(if $(VARIANT),/$(VARIANT))
CC ?= cc

WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wno-missing-field-initializers -Werror
CFLAGS.  = -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS.san = -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS.cover = -O0 --coverage -fprofile-update=atomic
CFLAGS.fuzz = -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
ALL_CFLAGS = -std=c17 -g $(CFLAGS.$(VARIANT)) $(WARNINGS) -D_GNU_SOURCE -Iinclude -DASSETS='"$(CURDIR)/assets"' $(CFLAGS)
LINK.cover = tests/support/flush.c -Wl,--wrap=_exit
LINK = $(CC) $(ALL_CFLAGS) $(LINK.$(VARIANT)) -Wl,--as-needed

# Rooms, by floor (src/README.md). A room is an archive; linking is the referee.
ROOMS = base yaml json loop model core tui line batch store service app sandbox
objects = $(patsubst %.c,$(B)/%.o,$(sort $(wildcard src/$(1)/*.c)))
archives = $(patsubst %,$(B)/%.a,$(1))

F0 = base
F1 = yaml json loop $(F0)
F2 = model $(F1)
F3 = core $(F2)
F4 = tui line batch store service $(F3)
F5 = app $(F4)

LIBS0 = -lunistring -lsodium
# Six libraries less to find and map are a fifth of the first screen's time, and 0.5 MB. BOUND= takes the shared ones instead.
BOUND = -Wl,-Bstatic
LIBS  = -Wl,-z,now $(BOUND) -lncursesw -ltinfo -lyaml -ljansson $(LIBS0) -Wl,-Bdynamic
# Loaded when they are first needed, and not named here: libcurl (service/http.c), libqrencode (base/qr.c).
SANDBOX_LIBS = -lmicrohttpd -lgnutls -lsqlite3 -ljansson $(LIBS0)

all: $(B)/commerce-setup $(B)/commerce-sandbox

$(B)/commerce-setup: $(call archives,$(F5))
	$(LINK) -Wl,--start-group $^ -Wl,--end-group $(LIBS) -o $@

$(B)/commerce-sandbox: $(call archives,sandbox json $(F0))
	$(LINK) -Wl,--start-group $^ -Wl,--end-group $(SANDBOX_LIBS) -o $@

define room_archive
$(B)/$(1).a: $(call objects,$(1))
	@mkdir -p $$(@D)
	rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach room,$(ROOMS),$(eval $(call room_archive,$(room))))

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# Tests: tests/<room>/x.c becomes a program that is linked with its room and the floors below it, nothing else.
test_programs = $(patsubst tests/$(1)/%.c,$(B)/tests/$(1)/%,$(sort $(wildcard tests/$(1)/*.c)))
define room_tests
$(B)/tests/$(1)/%: tests/$(1)/%.c $(wildcard tests/support/*.h tests/$(1)/*.h) $(call archives,$(2)) Makefile
	@mkdir -p $$(@D)
	$$(LINK) -Itests $$< -Wl,--start-group $(call archives,$(2)) -Wl,--end-group $(3) -lcmocka -o $$@
TESTS += $(call test_programs,$(1))
endef
$(eval $(call room_tests,base,$(F0),$(LIBS0)))
$(eval $(call room_tests,yaml,yaml $(F0),-lyaml $(LIBS0)))
$(eval $(call room_tests,json,json $(F0),-ljansson $(LIBS0)))
$(eval $(call room_tests,loop,loop $(F0),$(LIBS0)))
$(eval $(call room_tests,model,$(F2),-lyaml -ljansson $(LIBS0)))
$(eval $(call room_tests,core,$(F3),-lyaml -ljansson $(LIBS0)))
$(eval $(call room_tests,tui,tui $(F3),-lncursesw -ltinfo -lvterm -lutil -lyaml -ljansson $(LIBS0)))
$(eval $(call room_tests,line,line $(F3),-lutil -lyaml -ljansson $(LIBS0)))
$(eval $(call room_tests,batch,batch $(F3),-lyaml -ljansson $(LIBS0)))
$(eval $(call room_tests,store,store $(F3),-lyaml -ljansson $(LIBS0)))
$(eval $(call room_tests,service,service $(F3),-lyaml -ljansson $(LIBS0)))
$(eval $(call room_tests,app,$(F5),-lvterm -lutil $(LIBS)))
$(eval $(call room_tests,sandbox,sandbox json $(F0),$(SANDBOX_LIBS)))

tests: all $(TESTS)

# The tests of these modules, built with sanitizers under build/san, are run by make check as well.
PURE = base yaml json loop model core batch

# Packages are installed before anything is compiled, with -j as well: hence a second make.
# T=wizard runs only what has that in its name. All tests include the modules without I/O built with sanitizers.
check: check-deps
	@$(MAKE) --no-print-directory tests$(if $(T)$(VARIANT),, check-san)
	SAN_TESTS="$(if $(T)$(VARIANT),,$(PURE:%=$(B)/san/tests/%))" tests/run.sh $(B) "$(T)"

# The same with greater numbers: scripts NAME.long.sh, programs NAME.long (from NAME.long.c). Takes hours: T= runs a part.
check-long: check-deps
	@$(MAKE) --no-print-directory tests
	tests/run.sh --long $(B) "$(T)"

# The descriptions of Medusa against a real server, which npm and Debian provide. Part of check-long.
check-medusa: check-deps
	@$(MAKE) --no-print-directory tests
	tests/run.sh --long $(B) medusa/

check-san:
	@$(MAKE) --no-print-directory VARIANT=san pure-tests

pure-tests: $(foreach module,$(PURE),$(call test_programs,$(module)))

check-deps:
	@tests/deps.sh check

# Speed beside dialog, whiptail and fzf in one run, as ratios.
bench: bench-deps
	@$(MAKE) --no-print-directory bench-run

bench-deps:
	@tests/deps.sh bench

bench-run: all $(B)/bench/bench $(B)/bench/list $(B)/bench/floor $(B)/bench/store
	$(B)/bench/bench $(B) $(ROUNDS)
	$(B)/bench/store

$(B)/bench/bench: tests/bench/bench.c tests/bench/pty.c tests/bench/pty.h
	@mkdir -p $(@D)
	$(LINK) $(filter %.c,$^) -lvterm -lutil -lm -o $@

$(B)/bench/list: tests/bench/list.c $(call archives,tui $(F3))
	@mkdir -p $(@D)
	$(LINK) $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS) -o $@

$(B)/bench/store: tests/bench/store.c tests/support/folder.h $(call archives,store $(F3))
	@mkdir -p $(@D)
	$(LINK) -Itests $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS) -lcmocka -o $@

$(B)/bench/floor: tests/bench/floor.c
	@mkdir -p $(@D)
	$(LINK) $< -lncursesw -ltinfo -o $@

# Lines and branches that make check reaches, for each module. With T= the tests are a part, and no target is required.
cover:
	@tests/deps.sh check
	@$(MAKE) --no-print-directory VARIANT=cover cover-run

cover-run: tests
	tests/cover.sh --prepare $(B)
	GCOV_ERROR_FILE=/dev/null SLOWER=5 LIMIT_S=1200 tests/run.sh $(B) "$(T)" || [ -n "$(T)" ]
	tests/cover.sh $(B) || [ -n "$(T)" ]

# libFuzzer for each parser of outside input, tests/fuzz/NAME.c; RUNS=n inputs for each.
RUNS ?= 100000
fuzz:
	@tests/deps.sh fuzz
	RUNS=$(RUNS) tests/fuzz/parsers.sh

fuzz-programs: $(patsubst tests/fuzz/%.c,$(B)/%,$(wildcard tests/fuzz/*.c))

$(B)/%: tests/fuzz/%.c tests/fuzz/fuzz.h $(call archives,tui line service $(F3))
	@mkdir -p $(@D)
	$(LINK) -Itests -fsanitize=fuzzer $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group -lyaml -ljansson $(LIBS0) -lcmocka -o $@

deps:
	@tests/deps.sh build

try: deps
	@$(MAKE) --no-print-directory all
	@tests/try.sh $(B)

clean:
	rm -rf build

help:
	@echo 'make            build/commerce-setup and build/commerce-sandbox'
	@echo 'make try        installs what is missing, starts the sandbox, opens the checklist on it'
	@echo 'make check      installs what the tests need and runs them all; T=name runs some; VARIANT=san with sanitizers'
	@echo 'make check-long the long tests (tests/ROOM/NAME.long.sh, NAME.long.c), which make check leaves out; T=, VARIANT= as above'
	@echo 'make cover      lines and branches of each module that the tests reach; T= as above'
	@echo 'make fuzz       libFuzzer for each parser of outside input; RUNS=n inputs for each'
	@echo 'make bench      speed beside dialog, whiptail and fzf; ROUNDS=n'
	@echo 'make check-medusa a Medusa server from npm, set up from nothing, killed and completed sixty times; part of check-long'
	@echo 'make deps       installs what the build needs (Debian packages)'
	@echo 'make clean      removes build/'

-include $(patsubst %,$(B)/src/%/*.d,$(ROOMS))
-include $(wildcard $(B)/src/*/*.d)

.PHONY: all tests check check-san pure-tests cover cover-run fuzz fuzz-programs bench-deps bench-run check-long check-medusa check-deps bench deps try clean help
.SECONDARY:
.DELETE_ON_ERROR:
