/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Starts a client for each of many domains, all at once, and waits for them.
 *
 *     clients RESULTS LOGS COMMAND... -- CONFIG...
 *
 * runs COMMAND... CONFIG.  A client's output goes to LOGSNAME.log, where NAME
 * is that of CONFIG without folder and ending, and "client START END STATUS"
 * to RESULTSNAME.client: seconds since boot, and its exit status, or 255.  A
 * shell would spend more time on starting them than they run.
 */

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_CLIENTS 256
#define MAX_COMMAND 16

struct client {
    pid_t pid;
    const char *config;
    double start, end;
    int status;
};

static void give_up(const char *what, int error)
{
    fprintf(stderr, "clients: %s: %s\n", what, strerror(error));
    exit(EXIT_FAILURE);
}

static double uptime(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);

    return now.tv_sec + now.tv_nsec / 1e9;
}

/* PREFIXNAME.ENDING, valid until the next call. */
static const char *file_of(const struct client *client, const char *prefix,
                           const char *ending)
{
    static char path[1024];
    const char *slash = strrchr(client->config, '/');
    const char *name = slash ? slash + 1 : client->config;

    snprintf(path, sizeof(path), "%s%.*s.%s", prefix,
             (int)strcspn(name, "."), name, ending);

    return path;
}

static void start(struct client *client, const char *logs, char **command)
{
    posix_spawn_file_actions_t actions;
    int error;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1,
                                     file_of(client, logs, "log"),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    client->start = uptime();
    error = posix_spawnp(&client->pid, command[0], &actions, NULL, command,
                         environ);
    if ( error )
        give_up(command[0], error);
    posix_spawn_file_actions_destroy(&actions);
}

static void wait_for_one(struct client *clients, int nr)
{
    int status;
    pid_t pid = wait(&status);
    double now = uptime();

    if ( pid < 0 )
        give_up("wait", errno);
    for ( int i = 0; i < nr; i++ )
        if ( clients[i].pid == pid )
        {
            clients[i].end = now;
            clients[i].status = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
        }
}

static void write_result(const struct client *client, const char *results)
{
    const char *path = file_of(client, results, "client");
    FILE *file = fopen(path, "w");

    if ( !file || fprintf(file, "client %.2f %.2f %d\n", client->start,
                          client->end, client->status) < 0 ||
         fclose(file) )
        give_up(path, errno);
}

int main(int argc, char *argv[])
{
    static struct client clients[MAX_CLIENTS];
    char *command[MAX_COMMAND + 2];
    int separator = 3, nr;

    while ( separator < argc && strcmp(argv[separator], "--") )
        separator++;
    nr = argc - separator - 1;
    if ( separator < 4 || separator - 3 > MAX_COMMAND || nr < 1 ||
         nr > MAX_CLIENTS )
    {
        fputs("usage: clients RESULTS LOGS COMMAND... -- CONFIG...\n",
              stderr);
        return 2;
    }

    memcpy(command, argv + 3, (separator - 3) * sizeof(*command));
    command[separator - 2] = NULL;
    for ( int i = 0; i < nr; i++ )
    {
        clients[i].config = argv[separator + 1 + i];
        command[separator - 3] = argv[separator + 1 + i];
        start(&clients[i], argv[2], command);
    }
    for ( int i = 0; i < nr; i++ )
        wait_for_one(clients, nr);
    for ( int i = 0; i < nr; i++ )
        write_result(&clients[i], argv[1]);

    return 0;
}
