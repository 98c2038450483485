/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A comparison as a page: how the base's distances compare at a glance, then
 * charts for each host and mode, with their figures in tables.  It needs no
 * scripts, follows the reader's light or dark, and can be printed.
 */

#include <math.h>
#include <string.h>

#include "report.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static const char style[] =
    ":root{color-scheme:light dark;--page:#fbfbf9;--card:#fff;"
    "--ink:#22272e;--soft:#68707c;--line:#e3e5e8;--good:14 124 102;"
    "--b0:#7cc7b5;--b1:#2f9e87;--b2:#0b6b58;"
    "--o0:#c9d2de;--o1:#9dabbd;--o2:#6f7f95}\n"
    "@media(prefers-color-scheme:dark){:root{--page:#15181c;--card:#1d2126;"
    "--ink:#e6e8eb;--soft:#99a2ae;--line:#31373f;--good:61 190 160;"
    "--b0:#1f6f60;--b1:#2fa58d;--b2:#6fdcc5;"
    "--o0:#3d4754;--o1:#5d6b7e;--o2:#8898ae}}\n"
    "*{box-sizing:border-box}"
    "body{margin:0;padding:2.5rem 1.25rem;background:var(--page);"
    "color:var(--ink);font:16px/1.55 system-ui,sans-serif}"
    "main{max-width:72rem;margin:0 auto}"
    "h1{font-size:1.9rem;line-height:1.2;margin:0 0 .4rem}"
    "h2{margin:3rem 0 .2rem;font-size:1.4rem}"
    "h3{margin:1.6rem 0 .7rem;font-size:1.05rem}"
    "h4{margin:0;font-size:.95rem}p{max-width:46rem;margin:.5rem 0}"
    ".soft{color:var(--soft);font-size:.88rem}"
    ".charts{display:grid;gap:1rem;"
    "grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr))}"
    ".card{background:var(--card);border:1px solid var(--line);"
    "border-radius:10px;padding:.9rem 1rem;break-inside:avoid}"
    "svg{display:block;width:100%;height:auto;margin-top:.5rem;"
    "font:11px system-ui,sans-serif}"
    ".grid{stroke:var(--line)}"
    ".tick{fill:var(--soft);font-size:10px;text-anchor:middle}"
    ".rule{fill:var(--ink);text-anchor:end}.own{font-weight:700}"
    ".value{fill:var(--soft);font-size:9.5px}"
    ".interval{stroke:var(--ink);fill:none;stroke-width:1}"
    ".base.l0 rect,.kb0{fill:var(--b0);background:var(--b0)}"
    ".base.l1 rect,.kb1{fill:var(--b1);background:var(--b1)}"
    ".base.l2 rect,.kb2{fill:var(--b2);background:var(--b2)}"
    ".other.l0 rect,.ko0{fill:var(--o0);background:var(--o0)}"
    ".other.l1 rect,.ko1{fill:var(--o1);background:var(--o1)}"
    ".other.l2 rect,.ko2{fill:var(--o2);background:var(--o2)}"
    ".key{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:.8rem 0;"
    "font-size:.88rem}"
    ".key i{display:inline-block;width:.8rem;height:.8rem;border-radius:2px;"
    "margin-right:.15rem;vertical-align:-.08rem}"
    ".scroll{overflow-x:auto}"
    "table{border-collapse:collapse;font-size:.84rem;"
    "font-variant-numeric:tabular-nums;margin:.6rem 0}"
    "th,td{padding:.3rem .65rem;text-align:right;white-space:nowrap;"
    "border-bottom:1px solid var(--line)}"
    "th:first-child,td:first-child{text-align:left}"
    "td small{color:var(--soft)}"
    "tr.own td{font-weight:600}"
    ".plus::after{content:' \\25B2';color:rgb(var(--good))}"
    ".minus::after{content:' \\25BD';color:var(--soft)}"
    "summary{cursor:pointer;margin-top:.8rem;font-size:.9rem}\n";

/* What is told in a chart each, and how to read it. */
static const struct {
    enum metric metric;
    const char *about;
} charts[] = {
    { METRIC_EXCESS, "How much farther memory is from its vCPUs than the "
      "nearest; less is better" },
    { METRIC_SINGLE, "Of the accepted domains that one node can hold; more "
      "is better" },
    { METRIC_REJECTED_MEMORY, "Of the memory asked for; less is better" },
    { METRIC_BALANCE, "The fullest node's vCPUs for a core over the mean; 1 "
      "is even" },
    { METRIC_STRANDED, "Free, but where the next domain does not fit; less "
      "is better" },
    { METRIC_OUTSIDE, "Of the memory accepted; less is better" },
    { METRIC_NS_50, "Half of the decisions take less, in us" },
    { METRIC_NS_99, "1 of 100 decisions takes longer, in us" },
};

static const enum metric figures[] = {
    METRIC_EXCESS, METRIC_SINGLE, METRIC_ACCEPTED, METRIC_ACCEPTED_MEMORY,
    METRIC_ACCEPTED_SMALL, METRIC_ACCEPTED_MEDIUM, METRIC_ACCEPTED_LARGE,
    METRIC_ACCEPTED_HUGE, METRIC_REJECTED_MEMORY, METRIC_BALANCE,
    METRIC_STRANDED, METRIC_OUTSIDE, METRIC_NS_50, METRIC_NS_99,
    METRIC_NS_999,
};

static void write_escaped(FILE *to, const char *text)
{
    for ( ; *text; text++ )
        switch ( *text )
        {
        case '&':
            fputs("&amp;", to);
            break;

        case '<':
            fputs("&lt;", to);
            break;

        case '>':
            fputs("&gt;", to);
            break;

        default:
            fputc(*text, to);
            break;
        }
}

static bool is_told(const struct compare *compare, enum metric metric)
{
    return metric < METRIC_FIRST_TIME || compare->plan->times;
}

static void write_load(FILE *to, const struct compare *compare, size_t load)
{
    char text[256];

    report_load(text, sizeof(text), compare, load);
    write_escaped(to, text);
}

static void write_key(FILE *to, const struct compare *compare)
{
    fprintf(to, "<div class=\"key\">");
    for ( size_t i = 0; i < compare->plan->nr_loads; i++ )
    {
        fprintf(to, "<span><i class=\"kb%zu\"></i><i class=\"ko%zu\"></i> ",
                i % 3, i % 3);
        write_load(to, compare, i);
        fprintf(to, "</span>");
    }
    fprintf(to, "<span><i class=\"kb1\"></i> %s</span>"
            "<span><i class=\"ko1\"></i> other rules</span></div>\n",
            compare->plan->rules[0]->name);
}

/* The darker the cell the nearer is the base's memory. */
static void write_glance_cell(FILE *to, const struct interval *ratio)
{
    double shade = ratio->mean < 1 ? 0.55 * (1 - ratio->mean) : 0;

    if ( isnan(ratio->mean) )
        fprintf(to, "<td>-</td>");
    else if ( isnan(ratio->low) )
        fprintf(to, "<td style=\"background:rgb(var(--good)/%.2f)\">%.0f %%"
                "</td>", shade, 100 * ratio->mean);
    else
        fprintf(to, "<td style=\"background:rgb(var(--good)/%.2f)\">%.0f %% "
                "<small>%.0f&ndash;%.0f</small></td>", shade,
                100 * ratio->mean, 100 * ratio->low, 100 * ratio->high);
}

static void write_glance(FILE *to, const struct compare *compare)
{
    const struct compare_plan *plan = compare->plan;
    struct compare_run run = { 0 };

    fprintf(to, "<h2>At a glance</h2><p>The excess distance X of %s, in "
            "percent of each other rule's, over the domains that both "
            "accept (%s). Below 100 %% %s has the memory nearer.</p>"
            "<div class=\"scroll\"><table><tr><th></th>",
            plan->rules[0]->name, sim_mode_name(plan->modes[0]),
            plan->rules[0]->name);
    for ( run.host = 0; run.host < plan->nr_hosts; run.host++ )
        for ( run.load = 0; run.load < plan->nr_loads; run.load++ )
        {
            fprintf(to, "<th>host ");
            write_escaped(to, plan->hosts[run.host].name);
            fprintf(to, "<br>");
            write_load(to, compare, run.load);
            fprintf(to, "</th>");
        }
    fprintf(to, "</tr>\n");
    for ( run.rule = 1; run.rule < plan->nr_rules; run.rule++ )
    {
        fprintf(to, "<tr><td>%s</td>", plan->rules[run.rule]->name);
        for ( run.host = 0; run.host < plan->nr_hosts; run.host++ )
            for ( run.load = 0; run.load < plan->nr_loads; run.load++ )
                write_glance_cell(to, &compare_summary(
                    compare, &run, METRIC_EXCESS)->ratio);
        fprintf(to, "</tr>\n");
    }
    fprintf(to, "</table></div>\n");
}

static void write_figure(FILE *to, const struct compare_summary *summary,
                         enum metric metric)
{
    static const char *const marks[] = {
        " class=\"minus\"", "", " class=\"plus\"",
    };
    const struct interval *value = &summary->value;
    char mean[32], half[32];

    report_value(mean, sizeof(mean), metric, value->mean);
    report_value(half, sizeof(half), metric, (value->high - value->low) / 2);
    fprintf(to, "<td%s>%s", marks[compare_verdict(summary, metric) + 1],
            mean);
    if ( !isnan(value->low) )
        fprintf(to, " <small>&plusmn;%s</small>", half);
    fprintf(to, "</td>");
}

static void write_figures(FILE *to, const struct compare *compare,
                          struct compare_run run)
{
    const struct compare_plan *plan = compare->plan;

    fprintf(to, "<div class=\"scroll\"><table><tr><th>");
    write_load(to, compare, run.load);
    fprintf(to, "</th>");
    for ( size_t i = 0; i < NR(figures); i++ )
        if ( is_told(compare, figures[i]) )
            fprintf(to, "<th>%s</th>", metric_kinds[figures[i]].title);
    fprintf(to, "</tr>\n");
    for ( run.rule = 0; run.rule < plan->nr_rules; run.rule++ )
    {
        fprintf(to, "<tr%s><td>%s</td>", run.rule ? "" : " class=\"own\"",
                plan->rules[run.rule]->name);
        for ( size_t i = 0; i < NR(figures); i++ )
            if ( is_told(compare, figures[i]) )
                write_figure(to, compare_summary(compare, &run, figures[i]),
                             figures[i]);
        fprintf(to, "</tr>\n");
    }
    fprintf(to, "</table></div>\n");
}

static void write_mode(FILE *to, const struct compare *compare,
                       struct compare_run run)
{
    fprintf(to, "<h3>%s</h3><div class=\"charts\">\n",
            sim_mode_about(compare->plan->modes[run.mode]));
    for ( size_t i = 0; i < NR(charts); i++ )
    {
        if ( !is_told(compare, charts[i].metric) )
            continue;
        fprintf(to, "<div class=\"card\"><h4>%s</h4><div class=\"soft\">%s"
                "</div>", metric_kinds[charts[i].metric].title,
                charts[i].about);
        report_chart(to, compare, &run, charts[i].metric);
        fprintf(to, "</div>\n");
    }
    fprintf(to, "</div><details><summary>Figures</summary>\n");
    for ( run.load = 0; run.load < compare->plan->nr_loads; run.load++ )
        write_figures(to, compare, run);
    fprintf(to, "</details>\n");
}

static void write_begin(FILE *to, const struct compare *compare)
{
    const struct compare_plan *plan = compare->plan;

    fprintf(to, "<!DOCTYPE html>\n<html lang=\"en\"><head>"
            "<meta charset=\"utf-8\"><meta name=\"viewport\" "
            "content=\"width=device-width,initial-scale=1\">"
            "<title>Placement rules compared</title>\n<style>\n%s</style>"
            "</head><body><main>\n<h1>Placement rules compared</h1>\n<p>"
            "Every rule is given the same domains, which come, stay and go "
            "on a simulated host; what is measured is where each rule lets "
            "their memory and vCPUs come to lie. ", style);
    if ( plan->trace )
    {
        fprintf(to, "%zu domains of ", plan->trace->nr);
        write_load(to, compare, 0);
    }
    else
        fprintf(to, "%zu domains%s", plan->nr_arrivals,
                plan->burst ? " in bursts" : "");
    fprintf(to, ", of which the first fifth only fills the host; "
            "%zu seed%s.</p>\n<p class=\"soft\">A line over the end of a "
            "bar: 95 %% interval of the mean over the seeds. In tables "
            "&#9650; is for certain better than %s, seed by seed, and "
            "&#9661; worse. A load of 1 asks for all of the memory that "
            "there is.</p>\n", compare->nr_seeds,
            compare->nr_seeds == 1 ? "" : "s", plan->rules[0]->name);
    write_key(to, compare);
}

static void write_rules(FILE *to, const struct compare *compare)
{
    fprintf(to, "<h2>Rules</h2><table>\n");
    for ( size_t i = 0; i < compare->plan->nr_rules; i++ )
    {
        fprintf(to, "<tr%s><td>%s</td><td style=\"text-align:left\">",
                i ? "" : " class=\"own\"", compare->plan->rules[i]->name);
        write_escaped(to, compare->plan->rules[i]->about);
        fprintf(to, "</td></tr>\n");
    }
    fprintf(to, "</table>\n");
}

void report_html(FILE *to, const struct compare *compare)
{
    const struct compare_plan *plan = compare->plan;
    struct compare_run run = { 0 };

    write_begin(to, compare);
    if ( plan->nr_rules > 1 )
        write_glance(to, compare);
    for ( run.host = 0; run.host < plan->nr_hosts; run.host++ )
    {
        fprintf(to, "<h2>Host ");
        write_escaped(to, plan->hosts[run.host].name);
        fprintf(to, "</h2><p class=\"soft\">%u nodes</p>\n",
                plan->hosts[run.host].host.place.nr_nodes);
        for ( run.mode = 0; run.mode < plan->nr_modes; run.mode++ )
            write_mode(to, compare, run);
        run.mode = 0;
    }
    write_rules(to, compare);
    fprintf(to, "</main></body></html>\n");
}
