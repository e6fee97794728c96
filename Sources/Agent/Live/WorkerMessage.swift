import Events
import Windowing

/// What a worker is told, in the order in which it has to happen.
enum WorkerMessage: Sendable {
    /// A partition is this worker's from now on, with the state of its checkpoint if there is one.
    case begin(partition: Int32, state: PartitionState?)
    case batch(any RecordBatch, role: StreamRole)
    /// The log no longer holds the place at which a stream was to be read on.
    case lostPlace(partition: Int32, role: StreamRole)
    /// A stream has been at its end for the idle timeout.
    case idle(partition: Int32, role: StreamRole)
    /// Everything before this has been counted: send the state of all partitions to the coordinator.
    case snapshot(token: Int)
    /// The partitions belong to somebody else now.
    case drop(partitions: [Int32])
}

/// The state of a partition at one moment, to be written once somebody has the time.
protocol FrozenState: Sendable {
    /// Writes what is large to segments, and the rest to bytes.
    func write(into store: any SnapshotStore) throws -> WrittenState

    /// What was written is in a checkpoint.
    func commit()

    /// Segments that earlier checkpoints have left are gone: the next one must not name them.
    func forgetStored()
}

extension FrozenPartition: FrozenState {}

/// A small state, in bytes already.
struct WholeState: FrozenState {
    var bytes: [UInt8]

    func write(into store: any SnapshotStore) -> WrittenState { WrittenState(bytes: bytes) }
    func commit() {}
    func forgetStored() {}
}

/// What the coordinator is told.
enum CoordinatorMessage: Sendable {
    /// A partition has gone through a batch of `records` records.
    case output(PartitionOutput, counters: PipelineCounters, records: Int, placements: [SampledPlacement])
    /// One worker's partitions, as of a snapshot token.
    case snapshot(token: Int, worker: Int, states: [Int32: any FrozenState])
    /// A checkpoint has been written, or not.
    case saved(Result<SavedCheckpoint, any Error>)
    /// A checkpoint is wanted: by the clock, before partitions are given up, or at the end.
    case checkpoint(CheckpointRequest)
    /// Partitions begin here; windows wait for them. They were given to this process at that time of the wall clock,
    /// microseconds since 1970 UTC, however late it gets to hear of it.
    case expect(partitions: [Int32], sinceMicroseconds: Int64)
    /// Partitions were taken away without notice; what they had not handed over is gone.
    case forget(partitions: [Int32])
    case trained(TrainingResult)
    /// The registry's champion may have changed, or somebody has asked for a retraining.
    case registryChanged
    /// A worker has gone through records whose outputs were sent before.
    case handled(records: Int)
    /// Keys of messages that the native schema does not know.
    case unknownKeys([UnknownKey])
    case problem(String)
}

/// Asks for a checkpoint and, optionally, to be told when it is durable.
struct CheckpointRequest: Sendable {
    /// Partitions that are given up once it is written.
    var releasing: [Int32] = []
    /// Called on the coordinator's thread with the offsets that are covered now, or with what went wrong.
    var completion: (@Sendable (Result<[Int32: [Int64?]], any Error>) -> Void)?
}
