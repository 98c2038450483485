/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Daemon, builder and client on a model host: what they do, and what they
 * refuse.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static int begin(void)
{
    daemon_begin(NULL);

    return daemon_start(NULL) ? 0 : -1;
}

static int end(void)
{
    daemon_end();

    return 0;
}

/* Destroys all domains as another toolstack would: by restarting the host. */
static void start_anew(const char *description, const char *const *options)
{
    daemon_end();
    daemon_begin(description);
    UNIT_TRUE("daemon starts", daemon_start(options));
}

static void nodes_as_documented(void)
{
    const struct daemon_run *run = daemon_client("nodes --json");

    UNIT_EQUAL("status", run->status, 0);
    UNIT_TEXT("nodes", run->out,
              "{\"nodes\":[{\"node\":0,\"present_pages\":393216,"
              "\"free_pages\":393216,\"claimed_pages\":0,\"cpus\":2,"
              "\"distances\":[10,16,16,16]},"
              "{\"node\":1,\"present_pages\":393216,"
              "\"free_pages\":393216,\"claimed_pages\":0,\"cpus\":2,"
              "\"distances\":[16,10,16,16]},"
              "{\"node\":2,\"present_pages\":393216,"
              "\"free_pages\":393216,\"claimed_pages\":0,\"cpus\":2,"
              "\"distances\":[16,16,10,16]},"
              "{\"node\":3,\"present_pages\":393216,"
              "\"free_pages\":393216,\"claimed_pages\":0,\"cpus\":2,"
              "\"distances\":[16,16,16,10]}]}\n");
    run = daemon_client("nodes");
    UNIT_EQUAL("table", run->status, 0);
    UNIT_HOLDS("table", run->out,
               "NODE  MEMORY  FREE  CLAIMED  CPUS  DISTANCES\n"
               "   0    1536  1536        0     2  10 16 16 16\n");
}

static void one_domain_paused(void)
{
    const struct daemon_run *run;

    daemon_config("a", 256, NULL);
    run = daemon_client("plan --json a.cfg");
    UNIT_EQUAL("plan", run->status, 0);
    UNIT_HOLDS("plan", run->out, "{\"domains\":[{\"name\":\"a\","
               "\"domid\":null,\"nodes\":[0],\"pages\":{\"0\":65536},"
               "\"error\":null,\"why\":{\"need_pages\":66128,"
               "\"binding\":null,\"changes\":[],");
    UNIT_TRUE("a plan leaves nothing", daemon_nothing_left());

    run = daemon_client("create -p --json a.cfg");
    UNIT_EQUAL("create", run->status, 0);
    UNIT_TEXT("create", run->err, "");
    UNIT_TEXT("create", run->out,
              "{\"domains\":[{\"name\":\"a\",\"domid\":1,"
              "\"nodes\":[0],\"pages\":{\"0\":65536},\"error\":null}]}\n");
    UNIT_EQUAL("domains", daemon_domains(), 1);
    UNIT_EQUAL("claims end with the build", daemon_claimed(), 0);
    run = daemon_client("list");
    UNIT_HOLDS("list", run->out,
               "1  -     paused   yes     256        0  0:256");
    run = daemon_client("show 1");
    UNIT_HOLDS("show", run->out, "planned memory (node:MiB)     : 0:256\n");
    UNIT_HOLDS("show", run->out, "memory off plan (node:KiB)    : -\n"
               "memory (node:MiB)             : 0:256\n");
    run = daemon_client("show --json 1");
    UNIT_HOLDS("show", run->out,
               "\"state\":\"paused\",\"pages\":{\"0\":65536},"
               "\"claimed_pages\":{},\"host_claimed_pages\":0,"
               "\"plan\":{\"home_node\":0,\"pages\":{\"0\":65536},"
               "\"structures_pages\":");
    UNIT_HOLDS("show", run->out, "},\"structures_pages\":{},"
               "\"structures_left\":null}]}\n");
    UNIT_HOLDS("list has no more", daemon_client("list --json")->out,
               "\"host_claimed_pages\":0}]}\n");
}

static void one_domain_running(void)
{
    daemon_config("b", 256, NULL);
    UNIT_EQUAL("create", daemon_client("create b.cfg")->status, 0);
    UNIT_HOLDS("list", daemon_client("list --json")->out,
               "\"state\":\"running\"");
}

static void batch_is_planned_together(void)
{
    /* Smallest first would leave no node for the large ones. */
    static const unsigned int sizes[] = {
        128, 128, 128, 128, 256, 256, 256, 256, 384, 384, 512, 512, 768, 768,
    };
    char arguments[1024] = "create -p --json --policy strict";
    const struct daemon_run *run;
    const char *at;

    start_anew("1480M 2 10 16 16 16\n1500M 2 16 10 16 16\n"
               "1500M 2 16 16 10 16\n720M 2 16 16 16 10\n", NULL);
    for ( unsigned int i = 0; i < NR(sizes); i++ )
    {
        char name[16];

        snprintf(name, sizeof(name), "m%u", i);
        daemon_config(name, sizes[i], NULL);
        strcat(strcat(strcat(arguments, " "), name), ".cfg");
    }
    run = daemon_client(arguments);
    UNIT_EQUAL("create", run->status, 0);
    UNIT_TEXT("create", run->err, "");
    UNIT_EQUAL("domains", daemon_domains(), NR(sizes));
    at = run->out;
    for ( unsigned int i = 0; i < NR(sizes); i++ )
    {
        char name[32], pages[32];

        snprintf(name, sizeof(name), "\"name\":\"m%u\"", i);
        snprintf(pages, sizeof(pages), ":%u},\"error\":null", 256 * sizes[i]);
        at = strstr(at, name);
        UNIT_TRUE("in the order of the request", at != NULL);
        if ( !at )
            break;
        UNIT_HOLDS("whole on one node", at, pages);
    }
}

static void what_does_not_fit_is_told_by_domain(void)
{
    const struct daemon_run *run;

    start_anew(NULL, NULL);
    daemon_config("big", 9000, NULL);
    daemon_config("small", 256, NULL);
    run = daemon_client("create -p --json big.cfg");
    UNIT_EQUAL("big", run->status, 1);
    UNIT_HOLDS("big", run->err, "xenplace: big: memory: 9000 MiB");
    UNIT_HOLDS("big", run->err, "all together: ");
    UNIT_TRUE("nothing left", daemon_nothing_left());

    run = daemon_client("create -p --json big.cfg small.cfg");
    UNIT_EQUAL("both", run->status, 1);
    UNIT_HOLDS("big", run->out,
               "{\"name\":\"big\",\"domid\":null,\"nodes\":[],"
               "\"pages\":{},\"error\":\"memory: 9000 MiB");
    UNIT_HOLDS("big", run->out, "\"why\":{\"need_pages\":");
    UNIT_HOLDS("small", run->out, "\"nodes\":[0],\"pages\":{\"0\":65536},"
               "\"error\":null}]}");
    UNIT_TRUE("only the small one is there", daemon_settled(1));
}

/* While a host is empty domains run apart, also from what is built. */
static void vcpus_of_domains_count(void)
{
    const struct daemon_run *run;

    start_anew(NULL, NULL);
    daemon_config("a", 256, NULL);
    run = daemon_client("create -p --json a.cfg");
    UNIT_HOLDS("the first", run->out, "\"nodes\":[0]");
    UNIT_TRUE("it is built", daemon_settled(1));
    daemon_config("b", 256, NULL);
    run = daemon_client("plan --json b.cfg");
    UNIT_HOLDS("the second", run->out, "\"nodes\":[1]");
}

static void as_many_fit_as_are_said_to(void)
{
    const struct daemon_run *run;

    start_anew(NULL, NULL);
    daemon_config("a", 1000, NULL);
    run = daemon_client("capacity a.cfg");
    UNIT_EQUAL("capacity", run->status, 0);
    UNIT_HOLDS("sum", run->out, "6 more fit, 2 of them on several nodes\n"
               "NODE  DOMAINS  SHARED\n"
               "   0        1     ");
    run = daemon_client("capacity --json a.cfg");
    UNIT_HOLDS("json", run->out, "{\"complete\":true,\"domains\":6,"
               "\"spanning\":2,"
               "\"alone\":{\"0\":1,\"1\":1,\"2\":1,\"3\":1},"
               "\"spanning_pages\":{\"0\":");
    run = daemon_client("capacity -P strict --json a.cfg");
    UNIT_HOLDS("strict", run->out, "\"domains\":4,\"spanning\":0,");
    run = daemon_client("capacity -n 2 -P strict --json a.cfg");
    UNIT_HOLDS("of one node", run->out, "\"alone\":{\"2\":1}");
    UNIT_TRUE("it leaves nothing", daemon_nothing_left());

    for ( unsigned int i = 0; i < 6; i++ )
    {
        char name[] = { 'a' + i, 0 }, call[] = "create -p a.cfg";

        daemon_config(name, 1000, NULL);
        call[10] = name[0];
        UNIT_EQUAL("that many fit", daemon_client(call)->status, 0);
    }
    daemon_config("g", 1000, NULL);
    UNIT_EQUAL("no more", daemon_client("create -p g.cfg")->status, 1);
    run = daemon_client("capacity g.cfg");
    UNIT_EQUAL("none", run->status, 0);
    UNIT_TEXT("none", run->out, "0 more fit, 0 of them on several nodes\n");
}

static void policies(void)
{
    const struct daemon_run *run;

    start_anew(NULL, NULL);
    daemon_config("wide", 2048, NULL);
    run = daemon_client("create -p -P strict wide.cfg");
    UNIT_EQUAL("strict", run->status, 1);
    UNIT_HOLDS("strict", run->err, "no single node has them");
    UNIT_HOLDS("strict", run->err, "node 3: ");
    run = daemon_client("create -p --json wide.cfg");
    UNIT_EQUAL("preferred", run->status, 0);
    UNIT_HOLDS("preferred", run->out,
               "\"nodes\":[0,1],\"pages\":{\"0\":390656,\"1\":133632}");

    daemon_config("many", 256, "vcpus = 3\n");
    run = daemon_client("create -p -P strict many.cfg");
    UNIT_EQUAL("strict, vCPUs", run->status, 1);
    UNIT_HOLDS("strict, vCPUs", run->err,
               "xenplace: many: vcpus: 3: no single node has so many CPUs");
    run = daemon_client("plan -P strict many.cfg");
    UNIT_HOLDS("plan, vCPUs", run->err, "many: vcpus: 3: no single node");

    daemon_config("c", 256, NULL);
    run = daemon_client("create -p --json -n 2-3 c.cfg");
    UNIT_HOLDS("only on some nodes", run->out, "\"nodes\":[2]");
}

static const struct {
    const char *fact;
    const char *arguments;
    int status;
    const char *message;
} bad[] = {
    { "a node that is not there", "create -n 7 a.cfg", 1,
      "a: nodes: 7: no such node: this host has the nodes 0 to 3" },
    { "a node that can be nowhere", "create -n 64 a.cfg", 2,
      "--nodes: 64: must be a list of nodes from 0 to 63" },
    { "an unknown key", "create key.cfg", 1,
      "key.cfg:5: vif: unknown key" },
    { "a type that is to come", "create hvm.cfg", 1,
      "hvm.cfg:2: type: hvm: not supported yet" },
    { "too many vCPUs", "create vcpus.cfg", 1,
      "vcpus: vcpus: 129: a PVH domain has at most 128" },
    { "no kernel", "create nokernel.cfg", 1,
      "/absent: No such file or directory" },
    { "a directory as kernel", "create dir.cfg", 1,
      "dir: kernel: /: is not a regular file" },
    { "an empty ramdisk", "create ramdisk.cfg", 1, "/empty: is empty" },
    { "a kernel that is no kernel", "create text.cfg", 1, "text: kernel: " },
    { "one name twice", "create a.cfg a.cfg", 1, "a: name: given twice" },
    { "a policy that is unknown", "create -P best a.cfg", 2,
      "--policy: best: must be strict, preferred or interleave" },
    { "a good and a bad one", "create a.cfg nokernel.cfg", 1,
      "/absent: No such file or directory" },
    { "no configuration", "create", 2, "create: an argument is missing" },
    { "an absent configuration", "create absent.cfg", 1,
      "absent.cfg: No such file or directory" },
    { "no verb", "", 2, "a verb is missing" },
    { "an unknown verb", "destroy 3", 2, "destroy: unknown verb" },
    { "an option of another verb", "nodes -p", 2,
      "nodes: -p: not an option of this verb" },
    { "a domain that is not there", "show 77", 1,
      "domain 77: no such domain" },
    { "no domain id", "show a", 2, "show: a: must be a domain id" },
    { "no daemon", "-s run/none nodes", 3,
      "run/none: no daemon there: start xenplaced" },
};

static void bad_input_leaves_nothing(void)
{
    start_anew(NULL, NULL);
    daemon_config("a", 256, NULL);
    daemon_config("key", 256, "vif = \"x\"\n");
    daemon_write("hvm.cfg", "name = \"a\"\ntype = \"hvm\"\n");
    daemon_config("vcpus", 256, "vcpus = 129\n");
    daemon_write("nokernel.cfg", "name = \"n\"; type = \"pvh\"; memory = 1; "
                 "kernel = \"absent\"");
    daemon_write("dir.cfg", "name = \"dir\"; type = \"pvh\"; memory = 1; "
                 "kernel = \"/\"");
    daemon_config("ramdisk", 256, "ramdisk = \"empty\"\n");
    daemon_write("empty", "");
    daemon_write("text.cfg", "name = \"text\"; type = \"pvh\"; memory = 1; "
                 "kernel = \"text.cfg\"");

    for ( size_t i = 0; i < NR(bad); i++ )
    {
        const struct daemon_run *run = daemon_client(bad[i].arguments);

        UNIT_EQUAL(bad[i].fact, run->status, bad[i].status);
        UNIT_HOLDS(bad[i].fact, run->err, bad[i].message);
        UNIT_TEXT(bad[i].fact, strstr(run->out, "\"domid\":") ? run->out : "",
                  "");
        UNIT_TRUE(bad[i].fact, daemon_nothing_left());
    }
}

static void a_xen_without_claims(void)
{
    const struct daemon_run *run;

    start_anew("features none\n1536M 2 10\n", NULL);
    UNIT_HOLDS("log", daemon_log(), "this Xen has no node claims");
    run = daemon_client("nodes");
    UNIT_EQUAL("nodes", run->status, 4);
    UNIT_TEXT("nodes", run->err, "xenplace: this Xen has no node claims: boot "
              "this host with a Xen that has the node claim patches\n");
    daemon_config("a", 256, NULL);
    UNIT_EQUAL("create", daemon_client("create a.cfg")->status, 4);
    run = daemon_client("version");
    UNIT_EQUAL("version", run->status, 0);
    UNIT_HOLDS("version", run->out, "node claims     : no\n");
}

/* Created step by step; what Xen made before it knew the nodes is named. */
static void a_xen_without_create_on_nodes(void)
{
    const struct daemon_run *run;

    start_anew("features claims superpages overhead\noverhead 100 20\n"
               "768M 2 10 20\n1536M 2 20 10\n", NULL);
    UNIT_HOLDS("log", daemon_log(), "cannot create on nodes: it may put on "
               "any node: struct domain, ");
    UNIT_HOLDS("version", daemon_client("version")->out,
               "node claims     : yes\ncreate on nodes : no\n");
    daemon_config("a", 1024, NULL);
    UNIT_EQUAL("create", daemon_client("create a.cfg")->status, 0);
    run = daemon_client("show 1");
    UNIT_HOLDS("own", run->out, "own                           : yes\n");
    UNIT_HOLDS("plan", run->out, "planned memory (node:MiB)     : 1:1024\n");
    UNIT_HOLDS("memory", run->out, "memory off plan (node:KiB)    : -\n"
               "memory (node:MiB)             : 1:1024\n");
    UNIT_HOLDS("structures", run->out,
               "structures (node:KiB)         : 0:400 1:80\n");
    UNIT_HOLDS("left", run->out,
               "left on any node              : struct domain, ");

    /* After the daemon nobody knows what was planned, and whose it was. */
    daemon_kill(SIGTERM);
    UNIT_TRUE("again", daemon_start(NULL));
    run = daemon_client("show 1");
    UNIT_HOLDS("own", run->out, "own                           : no\n");
    UNIT_HOLDS("plan", run->out,
               "planned                       : not known\n");
}

static void who_waits_is_told_that_it_answers(void)
{
    const struct timeval limit = { .tv_sec = 10 };
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    char told[32] = "";

    snprintf(address.sun_path, sizeof(address.sun_path), "notify");
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    daemon_kill(SIGTERM);
    UNIT_EQUAL("socket", bind(fd, (struct sockaddr *)&address,
                              sizeof(address)), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    UNIT_TRUE("starts", daemon_start(NULL));
    UNIT_TRUE("told", recv(fd, told, sizeof(told) - 1, 0) > 0);
    UNIT_TEXT("it is ready", told, "READY=1");
    close(fd);
    unlink(address.sun_path);

    daemon_kill(SIGTERM);
    UNIT_TRUE("starts all the same", daemon_start(NULL));
    UNIT_HOLDS("gone", daemon_log(), "NOTIFY_SOCKET: No such file");
    unsetenv("NOTIFY_SOCKET");
}

/* Clients say by themselves what they want. */
static void a_default_policy_is_only_told(void)
{
    const char *const options[] = { "--default-policy=interleave", NULL };

    start_anew(NULL, NULL);
    UNIT_HOLDS("none", daemon_client("version")->out,
               "default policy  : off\n");
    start_anew(NULL, options);
    UNIT_HOLDS("told", daemon_client("version")->out,
               "default policy  : interleave\n");
    UNIT_HOLDS("JSON", daemon_client("version --json")->out,
               "\"default_policy\":\"interleave\"");
    daemon_config("a", 256, NULL);
    UNIT_HOLDS("on one node", daemon_client("plan --json a.cfg")->out,
               "\"nodes\":[0],\"pages\":{\"0\":65536}");
}

static void a_default_policy_is_one_of_four(void)
{
    const char *const other[] = { "-d", "stric", NULL };
    static const char *const good[] = { "strict", "preferred", "off" };

    daemon_kill(SIGTERM);
    UNIT_TRUE("another word", !daemon_start(other));
    UNIT_HOLDS("another word", daemon_log(), "xenplaced: --default-policy: "
               "stric: must be strict, preferred, interleave or off\n");
    for ( unsigned int i = 0; i < NR(good); i++ )
    {
        const char *const options[] = { "-d", good[i], NULL };

        UNIT_TRUE(good[i], daemon_start(options));
        UNIT_HOLDS(good[i], daemon_client("version")->out, good[i]);
        daemon_kill(SIGTERM);
    }
    UNIT_TRUE("starts again", daemon_start(NULL));
}

static void a_host_that_is_not_there(void)
{
    const char *const options[] = { "-s", "other", "-w", "model:/absent",
                                    NULL };
    const char *const wrong[] = { "-s", "other", "-w", "elsewhere", NULL };

    daemon_end();
    daemon_begin(NULL);
    UNIT_TRUE("absent", !daemon_start(options));
    UNIT_HOLDS("absent", daemon_log(),
               "xenplaced: model:/absent: no such file");
    UNIT_TRUE("wrong", !daemon_start(wrong));
    UNIT_HOLDS("wrong", daemon_log(), "xenplaced: elsewhere: ");
    UNIT_EQUAL("no socket", access("other", F_OK), -1);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
}

static void one_daemon(void)
{
    struct stat before, after;

    UNIT_EQUAL("first", daemon_client("version")->status, 0);
    UNIT_EQUAL("socket", stat("run/socket", &before), 0);
    UNIT_EQUAL("mode of the socket", before.st_mode & 0777, 0600);
    UNIT_EQUAL("directory", stat("run", &after), 0);
    UNIT_EQUAL("mode of the directory", after.st_mode & 0777, 0700);

    UNIT_EQUAL("second", daemon_client_wait(daemon_second(NULL, "second")), 1);
    UNIT_HOLDS("second", daemon_text("second"),
               "xenplaced: socket: run/socket: another xenplaced (pid ");
    UNIT_HOLDS("second", daemon_text("second"),
               ") has it: stop that one first");
    UNIT_EQUAL("of the host", daemon_client_wait(daemon_second("other", "of")),
               1);
    UNIT_HOLDS("of the host", daemon_text("of"), "another xenplaced (pid ");
    UNIT_EQUAL("no socket", access("other", F_OK), -1);
    UNIT_EQUAL("socket", stat("run/socket", &after), 0);
    UNIT_EQUAL("the same socket", after.st_ino, before.st_ino);
    UNIT_EQUAL("first", daemon_client("version")->status, 0);
}

static void stale_and_foreign_sockets(void)
{
    const char *const options[] = { "-s", "kernel", NULL };

    daemon_kill(SIGKILL);
    UNIT_EQUAL("dead", daemon_client("version")->status, 3);
    UNIT_TRUE("a stale socket is taken over", daemon_start(NULL));
    UNIT_EQUAL("alive", daemon_client("version")->status, 0);
    daemon_kill(SIGTERM);
    UNIT_TRUE("a file that is no socket stays", !daemon_start(options));
    UNIT_HOLDS("a file that is no socket stays", daemon_log(),
               "kernel: is there and is no socket");
    UNIT_EQUAL("a file that is no socket stays", access("kernel", F_OK), 0);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
}

static void storm_of_clients(void)
{
    enum { CLIENTS = 18 };
    pid_t pids[CLIENTS];
    char line[64];
    const char *out;

    /* As a control domain of 768 MiB leaves it. */
    start_anew("1490M 2 10 16 16 16\n1500M 2 16 10 16 16\n"
               "1500M 2 16 16 10 16\n790M 2 16 16 16 10\n", NULL);
    for ( unsigned int i = 0; i < CLIENTS; i++ )
    {
        snprintf(line, sizeof(line), "s%u", i);
        daemon_config(line, 256, NULL);
    }
    for ( unsigned int i = 0; i < CLIENTS; i++ )
    {
        snprintf(line, sizeof(line), "create -p s%u.cfg", i);
        pids[i] = daemon_client_start(line);
    }
    for ( unsigned int i = 0; i < CLIENTS; i++ )
        UNIT_EQUAL("client", daemon_client_wait(pids[i]), 0);
    UNIT_EQUAL("domains", daemon_domains(), CLIENTS);
    UNIT_EQUAL("claims", daemon_claimed(), 0);

    out = daemon_client("list --json")->out;
    for ( unsigned int i = 0; i < CLIENTS; i++ )
    {
        out = strstr(out, "\"own\":true,\"state\":\"paused\"");
        UNIT_TRUE("listed", out != NULL);
        if ( !out )
            return;
        out += 8;
        UNIT_TRUE("on one node", strchr(out, '}') &&
                  !memcmp(strchr(out, '}') - 6, ":65536", 6));
    }
}

static const struct unit_test tests[] = {
    { "nodes are told as documented", nodes_as_documented },
    { "one domain is planned, created, built and left paused",
      one_domain_paused },
    { "one domain is built and runs", one_domain_running },
    { "a batch is planned together, largest first",
      batch_is_planned_together },
    { "what does not fit is told domain by domain",
      what_does_not_fit_is_told_by_domain },
    { "vCPUs of domains that are built count", vcpus_of_domains_count },
    { "as many fit as are said to", as_many_fit_as_are_said_to },
    { "policies and nodes are followed", policies },
    { "bad input is named and leaves nothing", bad_input_leaves_nothing },
    { "a Xen without node claims is told, with status 4",
      a_xen_without_claims },
    { "a Xen without create_on_nodes is told, and creates all the same",
      a_xen_without_create_on_nodes },
    { "who waits for it is told that it answers",
      who_waits_is_told_that_it_answers },
    { "a default policy is told, and requests are as ever",
      a_default_policy_is_only_told },
    { "a default policy is one of four words",
      a_default_policy_is_one_of_four },
    { "the daemon does not start without a host", a_host_that_is_not_there },
    { "a second daemon refuses and leaves the first alone",
      one_daemon },
    { "a stale socket is taken over, a file is not",
      stale_and_foreign_sockets },
    { "18 clients at once get 18 domains, none split", storm_of_clients },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "daemon, builder and client", begin, end, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("placed", suites);
}
