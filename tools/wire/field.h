/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The members of a JSON object, taken apart by a table: each has a kind and
 * bounds, and a member that the table does not know is refused by its name.
 */

#ifndef WIRE_FIELD_H
#define WIRE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

/* As PATH_MAX and the command line of x86 Linux, but the same everywhere. */
#define FIELD_MAX_PATH    4095u
#define FIELD_MAX_CMDLINE 4095u
/* 4 PiB; sums over nodes and domains then cannot wrap. */
#define FIELD_MAX_PAGES   (UINT64_C(1) << 40)

enum field_kind {
    FIELD_TEXT,                  /* const char *, owned by the object       */
    FIELD_NUMBER,                /* uint64_t                                */
    FIELD_BOOL,                  /* bool                                    */
    FIELD_ARRAY,                 /* struct json_object *, borrowed          */
    FIELD_OBJECT,                /* struct json_object *, borrowed          */
    FIELD_ANY,                   /* struct json_object *, borrowed or NULL  */
};

struct field {
    const char *name;
    enum field_kind kind;
    bool required;               /* otherwise *out stays as it is           */
    uint64_t min;                /* number, or length of text or array      */
    uint64_t max;                /* likewise; 0: no bound but 64 bits       */
    void *out;
};

/*
 * Read an object.  0, or -1 with a message for people in why, which names
 * the member (after what, if that is not NULL) and its value.
 */
int field_read(struct json_object *object, const char *what,
               const struct field *fields, size_t nr, char *why,
               size_t why_size);

/*
 * Parse one JSON value that is all of the text.  NULL with a message in why;
 * nesting is bounded, text must be UTF-8.  The caller puts it.
 */
struct json_object *field_parse(const char *text, size_t length, char *why,
                                size_t why_size);

/*
 * A copy of a text that was read, for the caller to free; *copy stays as it is
 * if that is NULL.  0, or -1 with a message in why.
 */
int field_copy(char **copy, const char *text, char *why, size_t why_size);

/*
 * Add a member to an object that is being written.  A failure is remembered
 * in the caller's flag, so that a writer checks once, at its end.
 */
void field_add(struct json_object *object, const char *name,
               struct json_object *value, bool *failed);
void field_add_text(struct json_object *object, const char *name,
                    const char *text, bool *failed);
/* Nothing if it is NULL or empty. */
void field_add_optional(struct json_object *object, const char *name,
                        const char *text, bool *failed);
/* A text for people, which others had a say in: repaired (text.h). */
void field_add_words(struct json_object *object, const char *name,
                     const char *text, bool *failed);
void field_add_number(struct json_object *object, const char *name,
                      uint64_t number, bool *failed);
void field_add_bool(struct json_object *object, const char *name, bool value,
                    bool *failed);
/* A value that may be NULL for "null" on purpose. */
void field_add_null(struct json_object *object, const char *name,
                    bool *failed);
/* Append to an array; value NULL counts as failed. */
void field_append(struct json_object *array, struct json_object *value,
                  bool *failed);

/*
 * The text of a written object as one line, for the caller to free; puts the
 * object.  NULL with ENOMEM (also if failed is set), or E2BIG over max.
 */
char *field_text(struct json_object *object, size_t max, bool failed);

/* What was written, or NULL with ENOMEM if anything failed. */
struct json_object *field_end(struct json_object *object, bool failed);

#endif /* WIRE_FIELD_H */
