"""Made by python/generate.py from docs/schema."""

from collections.abc import Iterator, Mapping
from typing import Any

class Record:
    def __init__(self, fields: Mapping[str, Any]) -> None: ...
    def __getitem__(self, name: str) -> Any: ...
    def __getattr__(self, name: str) -> Any: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __contains__(self, name: object) -> bool: ...
    def keys(self) -> Any: ...
    def to_dict(self) -> dict[str, Any]: ...
    def _repr_html_(self) -> str: ...

class Report(Record):
    ok: bool
    model_bytes: bytes | None
    def check(self) -> Report: ...

class QuantizeReportWeights(Record):
    name: str
    scope: str
    type: str
    shape: list[int]
    bytes: int
    bytes_after: int
    form: str
    storage: str
    reason: str

class QuantizeReportGate_Speed(Record):
    rows: int
    ratio: float
    ratio_low: float
    ratio_high: float
    verdict: str

class QuantizeReportGate_Parity_Outputs(Record):
    name: str
    type: str
    shape: list[int]
    elements: int
    max_abs_diff: float
    mean_abs_diff: float
    rmse: float
    cosine_similarity: float
    sqnr_db: float
    label_agreement: float | None
    clear_agreement: float | None
    top5_agreement: float | None
    reference_rms: float
    reference_max_abs: float
    rule: str
    failure: str
    problem: str
    not_compared: str
    allowed_max_abs_diff: float | None
    allowed_mean_abs_diff: float | None
    allowed_rmse: float | None
    own_noise: float | None
    worst_row: int
    worst_call: int
    worst_input_row: int | None
    worst_reference: float
    worst_candidate: float
    passed: bool

class QuantizeReportGate_Parity_WorstColumns(Record):
    name: str
    value: str
    mean: float | None
    deviation: float | None
    remark: str

class QuantizeReportGate_Parity_Tolerances(Record):
    abs_tol: float | None
    mean_tol: float | None
    rel_tol: float | None
    min_cosine: float | None
    min_sqnr_db: float | None
    min_label_agreement: float

class QuantizeReportGate_Parity_Files(Record):
    role: str
    path: str
    bytes: int
    sha256: str

class QuantizeReportGate_Parity(Record):
    reference: str
    candidate: str
    data: str
    made_up: bool
    rows: int
    batch: int
    batch_coupling: float | None
    batch_coupling_rows: int
    abs_tol: float
    mean_tol: float
    max_abs_diff: float
    mean_abs_diff: float
    label_agreement: float | None
    required_abs_tol: float
    required_mean_tol: float
    verdict: str
    reason: str
    passed: bool
    outputs: list[QuantizeReportGate_Parity_Outputs]
    worst_columns: list[QuantizeReportGate_Parity_WorstColumns]
    tolerances: QuantizeReportGate_Parity_Tolerances
    dims: dict[str, int]
    seed: int
    threads: int
    files: list[QuantizeReportGate_Parity_Files]
    date: str
    warnings: list[str]
    next_step: str
    runtime_version: str

class QuantizeReportGate(Record):
    status: str
    detail: str
    repaired: list[str]
    speed: list[QuantizeReportGate_Speed]
    taken_back: list[str]
    tried: int
    parity: QuantizeReportGate_Parity | None

class QuantizeReportProof(Record):
    status: str
    detail: str
    runtime_version: str
    max_abs_diff: float | None

class QuantizeReportPlan_Decisions_Weights(Record):
    input: int
    name: str
    type: str
    shape: list[int]
    storage: str
    granularity: str
    range: str
    reason: str
    detail: str
    bytes_before: int
    bytes_after: int

class QuantizeReportPlan_Decisions(Record):
    node: str
    op: str
    form: str
    ops: str
    weights: list[QuantizeReportPlan_Decisions_Weights]
    reason: str
    detail: str

class QuantizeReportPlan(Record):
    version: int
    target: str
    decisions: list[QuantizeReportPlan_Decisions]

class QuantizeReport(Report):
    schema_version: int
    octet: str
    input: str
    output: str
    data_file: str
    written: bool
    unchanged: bool
    detail: str
    bytes_before: int
    bytes_after: int
    weight_bytes_before: int
    weight_bytes_after: int
    weights: list[QuantizeReportWeights]
    small_weight_bytes: int
    int8_share: float
    shortfall: str
    seconds: float
    subnormal_weights: int
    flushed: bool
    gate_seconds: float
    gate: QuantizeReportGate
    proof_seconds: float
    proof: QuantizeReportProof
    warnings: list[str]
    plan: QuantizeReportPlan

class ParityReportOutputs(Record):
    name: str
    type: str
    shape: list[int]
    elements: int
    max_abs_diff: float
    mean_abs_diff: float
    rmse: float
    cosine_similarity: float
    sqnr_db: float
    label_agreement: float | None
    clear_agreement: float | None
    top5_agreement: float | None
    reference_rms: float
    reference_max_abs: float
    rule: str
    failure: str
    problem: str
    not_compared: str
    allowed_max_abs_diff: float | None
    allowed_mean_abs_diff: float | None
    allowed_rmse: float | None
    own_noise: float | None
    worst_row: int
    worst_call: int
    worst_input_row: int | None
    worst_reference: float
    worst_candidate: float
    passed: bool

class ParityReportWorstColumns(Record):
    name: str
    value: str
    mean: float | None
    deviation: float | None
    remark: str

class ParityReportTolerances(Record):
    abs_tol: float | None
    mean_tol: float | None
    rel_tol: float | None
    min_cosine: float | None
    min_sqnr_db: float | None
    min_label_agreement: float

class ParityReportFiles(Record):
    role: str
    path: str
    bytes: int
    sha256: str

class ParityReport(Report):
    schema_version: int
    octet: str
    reference: str
    candidate: str
    data: str
    made_up: bool
    rows: int
    batch: int
    batch_coupling: float | None
    batch_coupling_rows: int
    abs_tol: float
    mean_tol: float
    max_abs_diff: float
    mean_abs_diff: float
    label_agreement: float | None
    required_abs_tol: float
    required_mean_tol: float
    verdict: str
    reason: str
    passed: bool
    outputs: list[ParityReportOutputs]
    worst_columns: list[ParityReportWorstColumns]
    tolerances: ParityReportTolerances
    dims: dict[str, int]
    seed: int
    threads: int
    files: list[ParityReportFiles]
    date: str
    warnings: list[str]
    next_step: str
    runtime_version: str

class BenchReportBaseline(Record):
    model: str
    file_bytes: int
    load_ms: float
    peak_memory_bytes: int

class BenchReportCandidate(Record):
    model: str
    file_bytes: int
    load_ms: float
    peak_memory_bytes: int

class BenchReportBatches_Baseline(Record):
    runs: int
    calls_per_sample: int
    p50_us: float
    p90_us: float
    p99_us: float
    min_us: float
    mean_us: float
    throughput_per_s: float
    samples_us: list[float]

class BenchReportBatches_Candidate(Record):
    runs: int
    calls_per_sample: int
    p50_us: float
    p90_us: float
    p99_us: float
    min_us: float
    mean_us: float
    throughput_per_s: float
    samples_us: list[float]

class BenchReportBatches(Record):
    batch: int
    ratio: float
    ratio_low: float
    ratio_high: float
    control_ratio: float
    control_low: float
    control_high: float
    verdict: str
    baseline: BenchReportBatches_Baseline
    candidate: BenchReportBatches_Candidate

class BenchReport(Report):
    schema_version: int
    octet: str
    verdict: str
    max_abs_diff: float
    baseline: BenchReportBaseline
    candidate: BenchReportCandidate
    batches: list[BenchReportBatches]
    subnormal_weights: int
    flushed_ratio: float | None
    data: str
    cpu: str
    threads: int
    runtime_version: str
    warnings: list[str]

class InspectionInputs(Record):
    name: str
    type: str
    shape: list[str]

class InspectionOutputs(Record):
    name: str
    type: str
    shape: list[str]

class InspectionWeights(Record):
    name: str
    type: str
    shape: list[int]
    bytes: int
    where: str
    form: str
    storage: str
    reason: str

class InspectionPlan_Decisions_Weights(Record):
    input: int
    name: str
    type: str
    shape: list[int]
    storage: str
    granularity: str
    range: str
    reason: str
    detail: str
    bytes_before: int
    bytes_after: int

class InspectionPlan_Decisions(Record):
    node: str
    op: str
    form: str
    ops: str
    weights: list[InspectionPlan_Decisions_Weights]
    reason: str
    detail: str

class InspectionPlan(Record):
    version: int
    target: str
    decisions: list[InspectionPlan_Decisions]

class Inspection(Report):
    schema_version: int
    octet: str
    model: str
    ir_version: int
    producer: str
    opsets: dict[str, int]
    file_bytes: int
    inputs: list[InspectionInputs]
    outputs: list[InspectionOutputs]
    operators: dict[str, int]
    weights: list[InspectionWeights]
    plan: InspectionPlan

class SensitivityReportLayers(Record):
    nodes: list[str]
    op: str
    form: str
    bytes_saved: int
    error: float
    max_abs_diff: float
    weight_error: float | None
    error_left: float
    estimated: bool
    cause: str
    outlier_columns: list[int]

class SensitivityReport(Report):
    schema_version: int
    octet: str
    model: str
    data: str
    made_up: bool
    rows: int
    layers: list[SensitivityReportLayers]
    error: float
    max_abs_diff: float
    passed: bool
    reason: str
    keep_float: list[str]
    max_abs_diff_left: float
    complete: bool
    tried: int
    seconds: float
    runtime_version: str
    warnings: list[str]

class ExportReportInputs(Record):
    name: str
    type: str
    shape: list[str]

class ExportReportOutputs(Record):
    name: str
    type: str
    shape: list[str]

class ExportReportProof(Record):
    status: str
    reason: str
    rows: int
    undecided_rows: int
    max_difference: float
    data_rows: int
    expected_difference: float | None
    runtime_version: str

class ExportReport(Report):
    schema_version: int
    octet: str
    model: str
    output: str
    container: str
    versions: list[str]
    pipeline: list[str]
    inputs: list[ExportReportInputs]
    outputs: list[ExportReportOutputs]
    input_bytes: int
    output_bytes: int
    proof: ExportReportProof
    notes: list[str]
    warnings: list[str]

class VersionInfoRuntime(Record):
    available: bool
    library: str
    version: str
    api_version: int
    problem: str

class VersionInfo(Report):
    schema_version: int
    octet: str
    version: str
    commit: str
    build: str
    cpu_model: str
    cpu_arch: str
    cpu_features: list[str]
    cpu_target: str
    cpu_saturates: bool
    kernels: str
    runtime: VersionInfoRuntime
