/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The daemon under test: see daemon.h.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon.h"
#include "host.h"

#define MAX_ARGUMENTS 64

static const char usual_host[] = "1536M 2 10 16 16 16\n"
                                 "1536M 2 16 10 16 16\n"
                                 "1536M 2 16 16 10 16\n"
                                 "1536M 2 16 16 16 10\n";

static char start_directory[4096];
static const char *where;
static uint64_t all_pages;
static pid_t placed;

static void give_up(const char *what)
{
    fprintf(stderr, "test daemon: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void pause_shortly(void)
{
    const struct timespec time = { .tv_nsec = 10 * 1000 * 1000 };

    nanosleep(&time, NULL);
}

static const char *program(const char *variable)
{
    const char *path = getenv(variable);

    if ( !path )
    {
        fprintf(stderr, "test daemon: %s: not set: run it by make check\n",
                variable);
        exit(1);
    }

    return path;
}

void daemon_write(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    if ( !file || fputs(text, file) < 0 || fclose(file) )
        give_up(name);
}

void daemon_config(const char *name, unsigned int mib, const char *more)
{
    char file[128], text[1024];

    snprintf(file, sizeof(file), "%s.cfg", name);
    snprintf(text, sizeof(text), "name = \"%s\"\ntype = \"pvh\"\n"
             "memory = %u\nkernel = \"kernel\"\n%s", name, mib,
             more ? more : "");
    daemon_write(file, text);
}

void daemon_begin(const char *description)
{
    char directory[4096];

    if ( !getcwd(start_directory, sizeof(start_directory)) )
        give_up("working directory");
    where = host_make(description ? description : usual_host);
    snprintf(directory, sizeof(directory), "%s.d", host_file());
    if ( mkdir(directory, 0700) || chdir(directory) )
        give_up(directory);
    setenv("XENPLACED_SOCKET", "run/socket", 1);
    daemon_write("kernel", "\177ELF");
    all_pages = daemon_free();
}

void daemon_end(void)
{
    char command[4200];

    if ( placed > 0 )
        daemon_kill(SIGKILL);
    if ( chdir(start_directory) )
        give_up(start_directory);
    snprintf(command, sizeof(command), "rm -rf %s.d", host_file());
    if ( system(command) )
        give_up(command);
    host_remove();
}

/* With standard output and error going to files. */
static pid_t start(const char *const *arguments, const char *out,
                   const char *err)
{
    pid_t parent = getpid(), pid = fork();
    int out_fd, err_fd, null;

    if ( pid < 0 )
        give_up("fork");
    if ( pid > 0 )
        return pid;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    null = open("/dev/null", O_RDWR);
    out_fd = out ? open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600) : null;
    err_fd = err ? open(err, O_WRONLY | O_CREAT | O_APPEND, 0600) : null;
    if ( getppid() != parent || dup2(null, 0) < 0 || dup2(out_fd, 1) < 0 ||
         dup2(err_fd, 2) < 0 )
        _exit(126);
    execv(arguments[0], (char *const *)(uintptr_t)arguments);
    _exit(127);
}

/* For a minute: what takes longer is stuck, and a failure. */
static int wait_for(pid_t pid)
{
    pid_t ended;
    int status;

    for ( unsigned int i = 0; (ended = waitpid(pid, &status, WNOHANG)) != pid;
          i++ )
    {
        if ( ended < 0 && errno != EINTR )
            give_up("waitpid");
        if ( i == 12000 )
            kill(pid, SIGKILL);
        usleep(5000);
    }

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const char *read_file(const char *name, char *text, size_t size)
{
    FILE *file = fopen(name, "r");
    size_t length = file ? fread(text, 1, size - 1, file) : 0;

    text[length] = '\0';
    if ( file )
        fclose(file);

    return text;
}

const char *daemon_text(const char *file)
{
    static char text[262144];

    return read_file(file, text, sizeof(text));
}

const char *daemon_log(void)
{
    return daemon_text("log");
}

unsigned int daemon_memory(void)
{
    char file[32];
    const char *line;

    snprintf(file, sizeof(file), "/proc/%d/status", placed);
    line = strstr(daemon_text(file), "VmRSS:");

    return line ? strtoul(line + strlen("VmRSS:"), NULL, 10) : 0;
}

pid_t daemon_second(const char *socket, const char *log)
{
    const char *arguments[] = {
        program("PLACED"), "-w", where, "-b", program("GUEST"),
        socket ? "-s" : NULL, socket, NULL,
    };

    return start(arguments, NULL, log);
}

bool daemon_start(const char *const *options)
{
    const char *arguments[MAX_ARGUMENTS] = {
        program("PLACED"), "-w", where, "-b", program("GUEST"),
    };
    unsigned int nr = 5;

    while ( options && *options && nr < MAX_ARGUMENTS - 1 )
        arguments[nr++] = *options++;
    unlink("log");
    placed = start(arguments, NULL, "log");
    for ( ; ; )
    {
        if ( strstr(daemon_log(), ": ready") )
            return true;
        if ( waitpid(placed, NULL, WNOHANG) == placed )
        {
            placed = 0;
            return false;
        }
        pause_shortly();
    }
}

void daemon_kill(int number)
{
    /* One that did not start: to 0 it would go to ourselves, and to make. */
    if ( !placed )
        return;
    kill(placed, number);
    wait_for(placed);
    placed = 0;
}

static void split(char *text, const char **arguments)
{
    unsigned int nr = 1;

    arguments[0] = program("PLACE");
    for ( char *word = strtok(text, " "); word && nr < MAX_ARGUMENTS - 1;
          word = strtok(NULL, " ") )
        arguments[nr++] = word;
    arguments[nr] = NULL;
}

pid_t daemon_client_start(const char *text)
{
    const char *arguments[MAX_ARGUMENTS];
    char *copy = strdup(text);
    pid_t pid;

    split(copy, arguments);
    pid = start(arguments, NULL, NULL);
    free(copy);

    return pid;
}

int daemon_client_wait(pid_t pid)
{
    return wait_for(pid);
}

const struct daemon_run *daemon_client(const char *text)
{
    static struct daemon_run run;
    const char *arguments[MAX_ARGUMENTS];
    char *copy = strdup(text);

    split(copy, arguments);
    unlink("err");
    run.status = wait_for(start(arguments, "out", "err"));
    read_file("out", run.out, sizeof(run.out));
    read_file("err", run.err, sizeof(run.err));
    free(copy);

    return &run;
}

int daemon_connect(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strcpy(address.sun_path, getenv("XENPLACED_SOCKET"));
    if ( fd < 0 || connect(fd, (struct sockaddr *)&address,
                           sizeof(address)) )
        give_up(address.sun_path);

    return fd;
}

const char *daemon_line(int fd, unsigned int seconds)
{
    static char line[65536];
    size_t used = 0;

    while ( used < sizeof(line) - 1 )
    {
        struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

        if ( poll(&poll_fd, 1, seconds * 1000) != 1 )
            return NULL;
        if ( read(fd, line + used, 1) != 1 || line[used] == '\n' )
            break;
        used++;
    }
    line[used] = '\0';

    return line;
}

const char *daemon_ask(const char *bytes, size_t length, bool last)
{
    int fd = daemon_connect();
    const char *line;

    /* It may refuse before all is sent. */
    while ( length )
    {
        ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);

        if ( n <= 0 )
            break;
        bytes += n;
        length -= n;
    }
    if ( last )
        shutdown(fd, SHUT_WR);
    line = daemon_line(fd, 5);
    close(fd);

    return line;
}

/* What there is on the host. */

unsigned int daemon_domains(void)
{
    static struct xennuma_listed domids[MODEL_MAX_DOMAINS];
    unsigned int nr = MODEL_MAX_DOMAINS;
    xennuma_handle *handle = host_open();

    if ( xennuma_domain_list(handle, domids, &nr) )
        give_up("domains");
    xennuma_close(handle);

    return nr - 1;
}

static struct xennuma_heap heap(void)
{
    static struct xennuma_heap now;
    xennuma_handle *handle = host_open();

    /* A host without claims tells nothing. */
    memset(&now, 0, sizeof(now));
    if ( xennuma_heap_get(handle, &now) && errno != EOPNOTSUPP )
        give_up("heap");
    xennuma_close(handle);

    return now;
}

uint64_t daemon_claimed(void)
{
    return heap().claimed_pages;
}

uint64_t daemon_free(void)
{
    return heap().free_pages;
}

bool daemon_settled(unsigned int domains)
{
    for ( unsigned int i = 0; i < 500; i++ )
    {
        if ( daemon_domains() == domains && daemon_claimed() == 0 )
            return true;
        pause_shortly();
    }
    printf("    %u domains, %llu pages claimed\n", daemon_domains(),
           (unsigned long long)daemon_claimed());

    return false;
}

bool daemon_building(void)
{
    for ( unsigned int i = 0; i < 500; i++ )
    {
        uint64_t claimed = daemon_claimed();

        if ( claimed && daemon_free() < all_pages )
            return true;
        pause_shortly();
    }

    return false;
}

bool daemon_nothing_left(void)
{
    xennuma_handle *handle;
    int rc;

    if ( !daemon_settled(0) )
        return false;
    if ( daemon_free() != all_pages )
    {
        printf("    %lld pages lost\n",
               (long long)(all_pages - daemon_free()));
        return false;
    }
    handle = host_open();
    rc = host_audit(handle, "host");
    xennuma_close(handle);

    return rc == 0;
}
