"""A largest set of people of whom no two are related."""

from collections import defaultdict
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

# A group of relatives up to this size is solved exactly.
MOST_SOLVED = 40


@dataclass(frozen=True)
class Unrelated:
    """`members`: places of who stays, ascending; `greedy_groups`: groups not solved exactly."""

    members: NDArray[np.intp]
    groups: int
    greedy_groups: int


Graph = dict[int, set[int]]


def largest_unrelated(people: int, pairs: NDArray[np.intp]) -> Unrelated:
    """Who stays of `people`, where `pairs` (n x 2, places from 0) are related.

    In each group of relatives (a connected component) of up to MOST_SOLVED people a largest set is
    found exactly. In a larger one, while two are related, whoever has most relatives goes, as
    plink2 and Hail have it. The same pairs always give the same set; of equal choices the later
    person goes.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(pairs), np.int8)
    links = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(people, people))
    _, group_of = connected_components(links, directed=False)
    graphs: dict[int, Graph] = defaultdict(lambda: defaultdict(set))
    for one, other in pairs.tolist():
        graph = graphs[int(group_of[one])]
        graph[one].add(other)
        graph[other].add(one)
    alone = set(range(people)) - {person for graph in graphs.values() for person in graph}
    staying, greedy = set(alone), 0
    for graph in graphs.values():
        is_solved = len(graph) <= MOST_SOLVED
        greedy += not is_solved
        staying |= _largest(dict(graph)) if is_solved else _greedy(dict(graph))
    return Unrelated(np.array(sorted(staying), np.intp), len(graphs), greedy)


def _without(graph: Graph, gone: set[int]) -> Graph:
    return {person: kin - gone for person, kin in graph.items() if person not in gone}


def _largest(graph: Graph) -> set[int]:
    """A largest independent set.

    Whoever has no relative left, or one, is in some largest set. Else whoever has most is either
    out of it, or in it without any of those.
    """
    staying: set[int] = set()
    while graph:
        person = min(graph, key=lambda each: (len(graph[each]), each))
        if len(graph[person]) > 1:
            break
        staying.add(person)
        graph = _without(graph, {person} | graph[person])
    if not graph:
        return staying
    busiest = max(graph, key=lambda each: (len(graph[each]), each))
    out_of_it = _largest(_without(graph, {busiest}))
    in_it = {busiest} | _largest(_without(graph, {busiest} | graph[busiest]))
    return staying | max(out_of_it, in_it, key=len)


def _greedy(graph: Graph) -> set[int]:
    """Who stays when whoever has most relatives goes, the later of equals, until nobody has one."""
    queue = [(-len(kin), -person) for person, kin in graph.items()]
    heapify(queue)
    staying = set(graph)
    while queue:
        relatives, person = heappop(queue)
        kin = graph[-person]
        # Whoever lost a relative stands in the queue again, with fewer.
        if -person not in staying or -relatives != len(kin):
            continue
        if not kin:
            break
        staying.remove(-person)
        for other in kin:
            graph[other].remove(-person)
            heappush(queue, (-len(graph[other]), -other))
    return staying
