# SPDX-License-Identifier: LGPL-2.1-only
#
# Completion for xenplace(8), sourced by bash.

# Its options have their values as the next word.
_xenplace_sim()
{
    local options='--arrivals --burst --csv --help --host --html --json
        --list --load --mode --resume --rule --seeds --show-host --times
        --trace --write-trace' names=''

    case $last in
        --mode)
            mapfile -t COMPREPLY < <(compgen -W \
                'mixed one-node preferred strict' -- "$word") ;;
        --host|--show-host)
            names=$(xenplace sim --list 2>/dev/null |
                sed -n '/^hosts:/,/^rules:/s/^  \([^ ]*\).*/\1/p')
            mapfile -t COMPREPLY < <(compgen -f -W "$names" -- "$word") ;;
        --rule)
            names=$(xenplace sim --list 2>/dev/null |
                sed -n '/^rules:/,$s/^  \([^ ]*\).*/\1/p')
            mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word") ;;
        --csv|--html|--json|--resume|--trace|--write-trace)
            mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
        --arrivals|--load|--seeds) ;;
        *) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
    esac
}

_xenplace()
{
    local word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD - 1]}
    local verbs='capacity create explain help list nodes plan show sim version'
    local verb='' i

    for ((i = 1; i < COMP_CWORD; i++)); do
        case " $verbs " in
            *" ${COMP_WORDS[i]} "*) verb=${COMP_WORDS[i]}; break ;;
        esac
    done

    COMPREPLY=()
    case $last in
        -P|--policy)
            mapfile -t COMPREPLY < <(compgen -W 'interleave preferred strict' \
                -- "$word")
            return ;;
        -s|--socket)
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return ;;
        -S|--superpages)
            mapfile -t COMPREPLY < <(compgen -W 'preferred 2M 1G off' \
                -- "$word")
            return ;;
        -m|--max-nodes|-n|--nodes)
            return ;;
    esac
    if [[ $verb == sim ]]; then
        _xenplace_sim
        return
    fi

    case $verb:$word in
        :-*) i='--help --socket' ;;
        :*) i=$verbs ;;
        create:-*) i='--json --max-nodes --nodes --paused --policy --socket
            --superpages' ;;
        capacity:-*|explain:-*|plan:-*)
            i='--json --max-nodes --nodes --policy --socket --superpages' ;;
        help:*) i= ;;
        *:-*) i='--json --socket' ;;
        capacity:*|create:*|explain:*|plan:*)
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return ;;
        *) i= ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$i" -- "$word")
}

complete -o filenames -F _xenplace xenplace
