/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What daemon and builder say of a host that cannot be opened: which file, and
 * what is wrong with it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static char directory[] = "/tmp/test-wrong-host-XXXXXX";

static int begin(void)
{
    return mkdtemp(directory) && !chdir(directory) ? 0 : -1;
}

static int end(void)
{
    char command[64];

    snprintf(command, sizeof(command), "cd / && rm -r %s", directory);

    return system(command);
}

/* Run by the shell; what it prints, valid until the next call. */
static const char *run(const char *command, int *status)
{
    static char text[4096];
    FILE *pipe = popen(command, "r");
    size_t length = pipe ? fread(text, 1, sizeof(text) - 1, pipe) : 0;

    text[length] = '\0';
    *status = pipe ? WEXITSTATUS(pclose(pipe)) : -1;

    return text;
}

static const struct {
    const char *fact;
    const char *prepare;         /* for the shell                            */
    const char *where;
    const char *daemon, *builder;        /* hold this                        */
} hosts[] = {
    { "no memory", "echo x y z >h", "model:h",
      "xenplaced: model:h:1: memory: x: not 0 or a size such as 1536M",
      "\"why\":\"model:h:1: memory: x: not 0 or a size such as 1536M" },
    { "an empty description", ": >h", "model:h",
      "xenplaced: model:h: no node has memory\n",
      "\"why\":\"model:h: no node has memory\"" },
    { "no file", ":", "model:h", "xenplaced: model:h: no such file\n",
      "\"why\":\"model:h: cannot be opened: No such file or directory\"" },
    { "a folder", "mkdir h", "model:h",
      "xenplaced: model:h: cannot be read: Is a directory\n",
      "\"why\":\"model:h: cannot be read: Is a directory\"" },
    { "a state that cannot be made", "echo 1G 1 10 >h; ln -s no/no h.state",
      "model:h", "xenplaced: model:h.state: No such file or directory\n",
      "\"why\":\"model:h.state: No such file or directory\"" },
    { "a state of another description", "echo 1G 1 10 >h; echo >h.state",
      "model:h", "xenplaced: model:h.state: 1 bytes: not the state of a "
      "model of this version, remove it\n",
      "\"why\":\"model:h.state: 1 bytes: not the state" },
    { "no model", ":", "modell:h",
      "xenplaced: modell:h: must be model:FILE, or absent for the running "
      "Xen\n", "\"why\":\"where: modell:h: must be model:FILE" },
};

static void what_is_wrong_is_told(void)
{
    static const char record[] = "{\"domid\":1,\"unique_id\":5,"
        "\"name\":\"a\",\"uuid\":\"01234567-89ab-cdef-0123-456789abcdef\","
        "\"type\":\"pvh\",\"vcpus\":1,\"memory_pages\":1,\"max_pages\":1,"
        "\"kernel\":\"/k\",\"paused\":true,\"home_node\":0,"
        "\"shares\":[{\"node\":0,\"pages\":1}]}";

    for ( size_t i = 0; i < NR(hosts); i++ )
    {
        char command[1024];
        int status;

        run("rm -rf h h.*", &status);
        run(hosts[i].prepare, &status);
        UNIT_EQUAL(hosts[i].fact, status, 0);

        snprintf(command, sizeof(command),
                 "timeout 20 $PLACED -s s/s -b /bin/true -w %s 2>&1",
                 hosts[i].where);
        UNIT_HOLDS(hosts[i].fact, run(command, &status), hosts[i].daemon);
        UNIT_EQUAL(hosts[i].fact, status, 1);

        snprintf(command, sizeof(command), "echo '%s' | $GUEST -w %s", record,
                 hosts[i].where);
        UNIT_HOLDS(hosts[i].fact, run(command, &status), hosts[i].builder);
        UNIT_EQUAL(hosts[i].fact, status, 1);
    }
}

static const struct unit_test tests[] = {
    { "what is wrong is told", what_is_wrong_is_told },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "wrong hosts", begin, end, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("wrong-host", suites);
}
