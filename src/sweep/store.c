/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trials in SQLite.
 *
 * A rollback journal and not a write-ahead log: a database is then one file,
 * which also works on the network file systems of clusters.  Synchronous
 * EXTRA: a transaction that has ended stays, even if the power fails the next
 * moment.  The lock is held as long as the database is open, so that a second
 * process is told at once that it is not alone.
 *
 * "application_id" marks a file as ours; its version is that of the tables.
 */
#include <config.h>

#include "preemptsim/sweep/store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#define APPLICATION_ID 0x70735377 /* "psSw" */
#define TABLES_VERSION 1

/* How long another process may take to let go of the file. */
#define BUSY_MS 1000

#define TRIAL_COLUMNS "point, run, settings, status, holds, facts, error"

struct store {
	sqlite3 *db;
	char *file; /* NULL: in memory */
	sqlite3_stmt *has, *get, *put, *begin, *commit;
};

/*
 * A trial is some ten thousand bytes.  It has a row number, so that its key is
 * sought in an index of short entries; a table WITHOUT ROWID would read one
 * trial after the other in search of the place of the next.
 */
static const char tables[] =
	"CREATE TABLE note(key TEXT PRIMARY KEY, value TEXT NOT NULL)"
	"  WITHOUT ROWID;"
	"CREATE TABLE trial(point INTEGER, run INTEGER, settings TEXT,"
	"  status TEXT NOT NULL, holds INTEGER, facts TEXT, error TEXT,"
	"  PRIMARY KEY(point, run));";

static const char *const status_name[] = {
	[TRIAL_DONE] = "done",
	[TRIAL_INVALID] = "invalid",
	[TRIAL_STUCK] = "stuck",
	[TRIAL_BUG] = "bug",
};

/* "sweep.db: error: disk is full" */
static char *complaint(const struct store *store, const char *text)
{
	return g_strdup_printf("%s: error: %s",
			       store->file ? store->file : "memory", text);
}

/* Where it may not make a file, SQLite tries to read it, and complains that it
 * is not there. */
static int why_not_open(const struct store *store)
{
	int error = sqlite3_system_errno(store->db);
	g_autofree char *folder = NULL;

	if (error != ENOENT || !store->file)
		return error;
	folder = g_path_get_dirname(store->file);
	return g_access(folder, W_OK) ? errno : error;
}

static char *db_complaint(const struct store *store)
{
	int code = sqlite3_errcode(store->db);
	int error = why_not_open(store);

	if (code == SQLITE_BUSY)
		return complaint(store, "another sweep is using it");
	if (code == SQLITE_CANTOPEN && error)
		return complaint(store, g_strerror(error));
	return complaint(store, sqlite3_errmsg(store->db));
}

static int execute(struct store *store, const char *sql)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL);
}

static int read_int(void *out, int n G_GNUC_UNUSED, char **values,
		    char **names G_GNUC_UNUSED)
{
	*(int64_t *)out = g_ascii_strtoll(values[0], NULL, 10);
	return 0;
}

/* The number that @sql yields; 0 if none. */
static int64_t query_int(struct store *store, const char *sql)
{
	int64_t n = 0;

	sqlite3_exec(store->db, sql, read_int, &n, NULL);
	return n;
}

static int prepare(struct store *store, const char *sql, sqlite3_stmt **out)
{
	return sqlite3_prepare_v2(store->db, sql, -1, out, NULL);
}

static bool prepare_all(struct store *store)
{
	return !prepare(store,
			"SELECT 1 FROM trial WHERE point = ?1 AND run = ?2",
			&store->has) &&
	       !prepare(store,
			"SELECT " TRIAL_COLUMNS " FROM trial"
			"  WHERE point = ?1 AND run = ?2",
			&store->get) &&
	       !prepare(store,
			"INSERT INTO trial(" TRIAL_COLUMNS ")"
			"  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			&store->put) &&
	       !prepare(store, "BEGIN", &store->begin) &&
	       !prepare(store, "COMMIT", &store->commit);
}

/* Make the tables of an empty database; one that is not has to be ours. */
static char *make_or_check(struct store *store)
{
	g_autofree char *mark = g_strdup_printf(
		"PRAGMA application_id = %d; PRAGMA user_version = %d;",
		APPLICATION_ID, TABLES_VERSION);

	if (execute(store, "BEGIN EXCLUSIVE"))
		return db_complaint(store);
	if (!query_int(store, "SELECT count(*) FROM sqlite_master") &&
	    (execute(store, mark) || execute(store, tables)))
		return db_complaint(store);
	if (query_int(store, "PRAGMA application_id") != APPLICATION_ID)
		return complaint(store, "it is no database of a sweep");
	if (query_int(store, "PRAGMA user_version") != TABLES_VERSION)
		return complaint(store, "it was written by another version of "
					"preemptsim");
	return execute(store, "COMMIT") ? db_complaint(store) : NULL;
}

static char *set_up(struct store *store)
{
	char *why;

	sqlite3_extended_result_codes(store->db, 0);
	sqlite3_busy_timeout(store->db, BUSY_MS);
	if (execute(store, "PRAGMA locking_mode = EXCLUSIVE;"
			   "PRAGMA synchronous = EXTRA;"))
		return db_complaint(store);
	why = make_or_check(store);
	if (!why && !prepare_all(store))
		why = db_complaint(store);
	return why;
}

struct store *store_open(const char *file, bool create, char **why)
{
	struct store *store = g_new0(struct store, 1);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		    (create ? SQLITE_OPEN_CREATE : 0);

	/* "./": a name that SQLite would take for something else. */
	g_autofree char *path = !file ? g_strdup(":memory:") :
				g_path_is_absolute(file) ?
					g_strdup(file) :
					g_build_filename(".", file, NULL);

	store->file = g_strdup(file);
	if (sqlite3_open_v2(path, &store->db, flags, NULL))
		*why = db_complaint(store);
	else
		*why = set_up(store);
	if (*why)
		g_clear_pointer(&store, store_close);
	return store;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	sqlite3_finalize(store->has);
	sqlite3_finalize(store->get);
	sqlite3_finalize(store->put);
	sqlite3_finalize(store->begin);
	sqlite3_finalize(store->commit);
	sqlite3_close(store->db);
	g_free(store->file);
	g_free(store);
}

/* Notes. */

char *store_note(struct store *store, const char *key)
{
	sqlite3_stmt *statement;
	char *value = NULL;

	if (prepare(store, "SELECT value FROM note WHERE key = ?1", &statement))
		return NULL;
	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	if (sqlite3_step(statement) == SQLITE_ROW)
		value = g_strdup(
			(const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	return value;
}

static bool add_note(struct store *store, const char *key, const char *value)
{
	sqlite3_stmt *statement;
	int result;

	if (prepare(store, "INSERT INTO note VALUES(?1, ?2)", &statement))
		return false;
	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, value, -1, SQLITE_STATIC);
	result = sqlite3_step(statement);
	sqlite3_finalize(statement);
	return result == SQLITE_DONE;
}

static bool add_notes(struct store *store, const struct store_note *notes,
		      unsigned int n)
{
	bool good = true;

	for (unsigned int i = 0; good && i < n; i++)
		good = add_note(store, notes[i].key, notes[i].value);
	return good;
}

static bool is_new(struct store *store)
{
	return !query_int(store, "SELECT count(*) FROM note");
}

/* The value of @key among @notes. */
static const char *find_note(const struct store_note *notes, unsigned int n,
			     const char *key)
{
	for (unsigned int i = 0; i < n; i++)
		if (g_str_equal(notes[i].key, key))
			return notes[i].value;
	return NULL;
}

/* By what sweeps are told apart, and whether its value tells people much. */
static const struct {
	const char *key, *what;
	bool shown;
} identity[] = {
	{ "version", "the version of preemptsim", true },
	{ "fingerprint", "the scenario", false },
	{ "axes", "what varies", true },
	{ "runs", "the number of runs", true },
	{ "condition", "what is searched for", true },
};

/* How @store differs from @notes; NULL: not at all. */
static char *difference(struct store *store, const struct store_note *notes,
			unsigned int n)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(identity); i++) {
		g_autofree char *old = store_note(store, identity[i].key);
		const char *new = find_note(notes, n, identity[i].key);
		g_autofree char *text = NULL;

		if (!g_strcmp0(old, new))
			continue;
		text = !identity[i].shown ?
			       g_strdup_printf("it belongs to another sweep: "
					       "%s is not the same",
					       identity[i].what) :
			       g_strdup_printf("it belongs to another sweep: "
					       "%s is %s there, and %s here",
					       identity[i].what,
					       old && *old ? old : "nothing",
					       new &&*new ? new : "nothing");
		return complaint(store, text);
	}
	return NULL;
}

/* Run @statement, which yields nothing. */
static bool step(sqlite3_stmt *statement)
{
	int result = sqlite3_step(statement);

	sqlite3_reset(statement);
	return result == SQLITE_DONE;
}

/* End the transaction: keep it if @good, else say why it is not. */
static char *commit(struct store *store, bool good)
{
	char *why;

	if (good && step(store->commit))
		return NULL;
	why = db_complaint(store);
	execute(store, "ROLLBACK");
	return why;
}

char *store_claim(struct store *store, const struct store_note *notes,
		  unsigned int n)
{
	if (!is_new(store))
		return difference(store, notes, n);
	return commit(store, step(store->begin) && add_notes(store, notes, n));
}

/* Trials. */

bool store_has(struct store *store, unsigned int point, unsigned int run)
{
	bool found;

	sqlite3_bind_int64(store->has, 1, point);
	sqlite3_bind_int64(store->has, 2, run);
	found = sqlite3_step(store->has) == SQLITE_ROW;
	sqlite3_reset(store->has);
	return found;
}

uint64_t store_count(struct store *store)
{
	return (uint64_t)query_int(store, "SELECT count(*) FROM trial");
}

static enum trial_status status_of(const char *name)
{
	unsigned int i = 0;

	while (i < TRIAL_BUG && g_strcmp0(name, status_name[i]))
		i++;
	return (enum trial_status)i;
}

static char *column_text(sqlite3_stmt *row, int i)
{
	return g_strdup((const char *)sqlite3_column_text(row, i));
}

/* The trial of a row of TRIAL_COLUMNS. */
static struct trial *trial_of(sqlite3_stmt *row)
{
	struct trial *trial = g_new0(struct trial, 1);
	g_autofree char *status = column_text(row, 3);

	trial->point = (unsigned int)sqlite3_column_int64(row, 0);
	trial->run = (unsigned int)sqlite3_column_int64(row, 1);
	trial->label = column_text(row, 2);
	trial->status = status_of(status);
	trial->holds = sqlite3_column_int(row, 4);
	trial->facts = column_text(row, 5);
	trial->error = column_text(row, 6);
	return trial;
}

struct trial *store_get(struct store *store, unsigned int point,
			unsigned int run)
{
	struct trial *trial = NULL;

	sqlite3_bind_int64(store->get, 1, point);
	sqlite3_bind_int64(store->get, 2, run);
	if (sqlite3_step(store->get) == SQLITE_ROW)
		trial = trial_of(store->get);
	sqlite3_reset(store->get);
	return trial;
}

static bool put_one(struct store *store, const struct trial *trial)
{
	sqlite3_stmt *put = store->put;

	sqlite3_bind_int64(put, 1, trial->point);
	sqlite3_bind_int64(put, 2, trial->run);
	sqlite3_bind_text(put, 3, trial->label, -1, SQLITE_STATIC);
	sqlite3_bind_text(put, 4, status_name[trial->status], -1,
			  SQLITE_STATIC);
	sqlite3_bind_int(put, 5, trial->holds);
	sqlite3_bind_text(put, 6, trial->facts, -1, SQLITE_STATIC);
	sqlite3_bind_text(put, 7, trial->error, -1, SQLITE_STATIC);
	return step(put);
}

char *store_put(struct store *store, const GPtrArray *trials)
{
	bool good = step(store->begin);

	for (unsigned int i = 0; good && i < trials->len; i++)
		good = put_one(store, trials->pdata[i]);
	return commit(store, good);
}

/* Merging. */

static void note_clear(void *data)
{
	struct store_note *note = data;

	g_free((char *)note->key);
	g_free(note->value);
}

/* All notes of @store; GArray of struct store_note with their own keys. */
static GArray *all_notes(struct store *store)
{
	GArray *notes = g_array_new(FALSE, TRUE, sizeof(struct store_note));
	sqlite3_stmt *row;

	g_array_set_clear_func(notes, note_clear);
	if (prepare(store, "SELECT key, value FROM note ORDER BY key", &row))
		return notes;
	while (sqlite3_step(row) == SQLITE_ROW) {
		struct store_note note = { column_text(row, 0),
					   column_text(row, 1) };

		g_array_append_val(notes, note);
	}
	sqlite3_finalize(row);
	return notes;
}

/* Take over @trial, or hold it against the one that is there. */
static char *merge_one(struct store *store, const struct trial *trial)
{
	struct trial *old = store_get(store, trial->point, trial->run);
	g_autofree char *text = NULL;
	bool same;

	if (!old)
		return put_one(store, trial) ? NULL : db_complaint(store);
	same = old->status == trial->status && old->holds == trial->holds &&
	       !g_strcmp0(old->facts, trial->facts) &&
	       !g_strcmp0(old->error, trial->error);
	trial_free(old);
	if (same)
		return NULL;
	text = g_strdup_printf("run %u of point %u (%s) has another result "
			       "than in a database merged before",
			       trial->run + 1, trial->point + 1, trial->label);
	return complaint(store, text);
}

static char *merge_trials(struct store *store, struct store *from)
{
	char *why = NULL;
	sqlite3_stmt *row;
	int result = SQLITE_DONE;

	if (prepare(from, "SELECT " TRIAL_COLUMNS " FROM trial", &row))
		return db_complaint(from);
	while (!why && (result = sqlite3_step(row)) == SQLITE_ROW) {
		struct trial *trial = trial_of(row);

		why = merge_one(store, trial);
		trial_free(trial);
	}
	if (!why && result != SQLITE_DONE)
		why = db_complaint(from);
	sqlite3_finalize(row);
	return why;
}

static const struct store_note *notes_of(const GArray *array)
{
	return (const void *)array->data;
}

/* Within a transaction. */
static char *merge_all(struct store *store, struct store *from)
{
	g_autoptr(GArray) mine = all_notes(store), theirs = all_notes(from);
	char *why = NULL;

	if (!theirs->len)
		return complaint(from, "there is no sweep in it");
	if (mine->len)
		why = difference(from, notes_of(mine), mine->len);
	else if (!add_notes(store, notes_of(theirs), theirs->len))
		why = db_complaint(store);
	return why ? why : merge_trials(store, from);
}

char *store_merge(struct store *store, struct store *from)
{
	char *why;

	if (!step(store->begin))
		return db_complaint(store);
	why = merge_all(store, from);
	if (!why)
		return commit(store, true);
	execute(store, "ROLLBACK");
	return why;
}
