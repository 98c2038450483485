# SPDX-License-Identifier: LGPL-2.1-only
#
# Completion for xenplace(8), sourced by bash.

_xenplace()
{
    local word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD - 1]}
    local verbs='create help list nodes plan show version'
    local verb='' i

    for ((i = 1; i < COMP_CWORD; i++)); do
        case " $verbs " in
            *" ${COMP_WORDS[i]} "*) verb=${COMP_WORDS[i]}; break ;;
        esac
    done

    COMPREPLY=()
    case $last in
        -P|--policy)
            mapfile -t COMPREPLY < <(compgen -W 'preferred strict' -- "$word")
            return ;;
        -s|--socket)
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return ;;
        -n|--nodes)
            return ;;
    esac

    case $verb:$word in
        :-*) i='--help --socket' ;;
        :*) i=$verbs ;;
        create:-*) i='--json --nodes --paused --policy --socket' ;;
        plan:-*) i='--json --nodes --policy --socket' ;;
        help:*) i= ;;
        *:-*) i='--json --socket' ;;
        create:*|plan:*)
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return ;;
        *) i= ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$i" -- "$word")
}

complete -o filenames -F _xenplace xenplace
