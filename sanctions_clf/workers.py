"""Where shards are scored: in this process, in others beside it, or on a Dask cluster."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sanctions_clf.errors import ModelFileError, WorkerError
from sanctions_clf.model import Model
from sanctions_clf.model_file import save_model
from sanctions_clf.parts import Part, score_shard, score_whole_shard
from sanctions_clf.runs import Plan, Remainder, model_checksum

CONNECT_SECONDS = 10


def score_here(plan: Plan, left: Sequence[Remainder], model: Model) -> Iterator[Part]:
    """Score shards one after another and yield their parts, each once it stands."""
    for shard in left:
        yield from score_shard(plan, shard, model)


def score_in_processes(
    plan: Plan, left: Sequence[Remainder], model: Model, jobs: int
) -> Iterator[Part]:
    """Score shards in so many processes and yield the parts of each once it is finished."""
    from joblib import Parallel, delayed

    path, parent = _model_for_workers(plan, model), os.getpid()
    sent = _without_shards(plan)
    work = (delayed(score_whole_shard)(sent, shard, path, parent) for shard in left)
    for parts in Parallel(n_jobs=jobs, return_as="generator_unordered")(work):
        yield from parts


def score_on_cluster(
    plan: Plan, left: Sequence[Remainder], model: Model, address: str
) -> Iterator[Part]:
    """Score shards on a Dask cluster and yield the parts of each once it is finished.

    Workers read the input, the model and the directory of the run by the paths they have here, so
    that these must lie on storage that all share. A shard whose worker is lost is given to another.

    Raises
    ------
    WorkerError
        If the cluster cannot be reached, or loses the workers of a shard time and again.
    """
    try:
        from distributed import Client, KilledWorker, as_completed
    except ModuleNotFoundError:
        raise WorkerError(
            "--dask needs distributed: pip install 'sanctions-clf[cluster]'"
        ) from None
    path = _model_for_workers(plan, model)
    sent = _without_shards(plan)
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise WorkerError(f"{address}: no Dask scheduler answers there ({error})") from None
    with client:
        waiting = [
            client.submit(score_whole_shard, sent, shard, path, pure=False) for shard in left
        ]
        try:
            for done in as_completed(waiting):
                yield from done.result()
                done.release()
        except KilledWorker as error:
            raise WorkerError(f"{address}: workers were lost ({error})") from None
        except ModelFileError:
            raise WorkerError(
                f"{address}: a worker does not see {path}; input and output must lie on storage "
                "that all workers share, under the same path"
            ) from None


def _without_shards(plan: Plan) -> Plan:
    """The plan as each task takes it along, beside its own shard: all shards may be megabytes."""
    return replace(plan, shards=())


def _model_for_workers(plan: Plan, model: Model) -> str:
    """Save the model for workers, which outlive a run and keep the model of a path."""
    path = plan.directory.absolute() / f"model-{model_checksum(model)[:16]}.zip"
    save_model(model, path)
    return str(path)
