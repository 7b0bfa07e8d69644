/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The automata that are built in: AUTOMATON(NAME) for automaton-NAME.c.  No
 * include guard: included once per use with another AUTOMATON().
 */
AUTOMATON(wip)
AUTOMATON(wwnr)
AUTOMATON(sco)
AUTOMATON(snroc)
AUTOMATON(scpd)
AUTOMATON(snep)
AUTOMATON(sncid)
AUTOMATON(tss)
AUTOMATON(sts)
AUTOMATON(nrp)
AUTOMATON(sssw)
AUTOMATON(opid)
AUTOMATON(stall)
AUTOMATON(nomiss)
AUTOMATON(wakeup)
AUTOMATON(sleep)
AUTOMATON(pagefault)
