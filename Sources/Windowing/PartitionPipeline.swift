public import Events
import Statistics

/// Which of a partition's streams a record comes from.
public enum StreamRole: Int, Sendable, CaseIterable, Codable {
    /// The topic of predictions, or the one topic for both.
    case predictions = 0
    case outcomes = 1
}

/// Everything that happens to one partition's events: decoding, the join, the open panes. The unit of work.
///
/// Owned by one worker; no locks, nothing shared but the ``ReferenceCatalog``. What it counts depends on the events of
/// its two streams and on nothing else: not on how the streams interleave, how batches are cut, or on restarts.
public final class PartitionPipeline {
    public let partition: Int32
    public internal(set) var counters = PipelineCounters()
    /// The next offset expected of each stream; `nil` before the first record. Part of the state: what has a smaller
    /// offset was counted before.
    public internal(set) var nextOffsets: [Int64?] = [nil, nil]
    /// Events of other times are left out: predictions by their own time, outcomes by that of their record. `nil`, as
    /// in a running agent, leaves none out. No part of the state.
    public var interval: Range<Int64>?
    /// Events that ``interval`` has left out.
    public private(set) var eventsOutsideInterval: Int64 = 0

    let catalog: ReferenceCatalog
    let decoder: EventDecoder
    let sharesOneTopic: Bool
    var models: [ModelStream]
    var predictionWatermark: Watermark
    var outcomeWatermark: Watermark
    /// Streams that stopped holding the panes back, until their next event.
    var isIdle: [Bool] = [false, false]
    /// Streams of which nothing more will come. No part of the state: whoever reads them says it again.
    var hasEnded: [Bool] = [false, false]
    /// Streams whose next offset the log no longer holds. No part of the state: whoever reads them finds it out again.
    var hasLostPlace: [Bool] = [false, false]
    /// Of the next output; no part of the state.
    var gaps: [StreamGap] = []
    /// The share of the record keys that is counted, where the stream comes too fast; `nil` counts all. No part of the
    /// state: what it leaves out depends on how far behind the reader is.
    public var keptShare: Double?
    /// The stretch in which keys have been left out of each stream, for the next output.
    var sampled: [StreamGap?] = [nil, nil]
    /// Of ``takePlacements()``; no part of the state.
    var placements: [SampledPlacement] = []
    /// Which segments hold the join tables; no part of the state.
    var snapshotLog = SnapshotLog()
    /// The number of the last frozen state, and of the last one that the tables know to be in a checkpoint.
    var frozenMoment = 0
    var storedMoment = 0
    private var lastModel = 0
    private var catalogGeneration: Int

    /// - Parameters:
    ///   - models: the watched models; events of others are rejected.
    ///   - sharesOneTopic: predictions and outcomes come through the predictions stream.
    public init(
        partition: Int32, models: [ModelSettings], catalog: ReferenceCatalog, limits: EventLimits,
        allowedLatenessMicroseconds: Int64, sharesOneTopic: Bool = false
    ) {
        precondition(!models.isEmpty)
        self.partition = partition
        self.catalog = catalog
        self.sharesOneTopic = sharesOneTopic
        self.models = models.map(ModelStream.init(settings:))
        decoder = EventDecoder(limits: limits)
        predictionWatermark = Watermark(allowedLatenessMicroseconds: allowedLatenessMicroseconds)
        outcomeWatermark = Watermark(allowedLatenessMicroseconds: allowedLatenessMicroseconds)
        catalogGeneration = catalog.generation
    }

    /// Takes one record. Returns why it was rejected, or `nil` if it was counted (or had been before).
    ///
    /// - Parameters:
    ///   - value: the record's bytes; `nil` is a tombstone.
    ///   - key: the record's key; only for ``keptShare``.
    public func process(
        _ value: UnsafeRawBufferPointer?, key: UnsafeRawBufferPointer? = nil, from role: StreamRole, offset: Int64,
        recordMicroseconds: Int64
    ) -> RejectionReason? {
        guard isNew(offset, of: role, recordMicroseconds: recordMicroseconds), isChosen(key, of: role) else {
            return nil
        }
        guard let value else { return reject(.nullPayload) }
        let result = decoder.decode(value, recordTimeMicroseconds: recordMicroseconds)
        return count(result, message: value, from: role, recordMicroseconds: recordMicroseconds)
    }

    /// Takes one record that was decoded elsewhere, with this pipeline's limits. Returns as the other one does.
    public func process(_ record: DecodedRecord, from role: StreamRole) -> RejectionReason? {
        let time = record.timestampMicroseconds
        guard isNew(record.offset, of: role, recordMicroseconds: time), isChosen(record.key, of: role) else {
            return nil
        }
        return count(record.result, message: record.message, from: role, recordMicroseconds: time)
    }

    /// Whether a record has not been counted before; from here on it has been.
    @inline(__always)
    private func isNew(_ offset: Int64, of role: StreamRole, recordMicroseconds: Int64) -> Bool {
        if hasLostPlace[role.rawValue],
            !findPlace(of: role, offset: offset, recordMicroseconds: recordMicroseconds)
        {
            counters.replayedRecords += 1
            return false
        }
        if let next = nextOffsets[role.rawValue] {
            guard offset >= next else {
                counters.replayedRecords += 1
                return false
            }
            counters.skippedOffsets += offset - next
        }
        nextOffsets[role.rawValue] = offset + 1
        isIdle[role.rawValue] = false
        return true
    }

    private func reject(_ reason: RejectionReason) -> RejectionReason {
        counters.rejected[reason, default: 0] += 1
        return reason
    }

    @inline(__always)
    private func count(
        _ result: DecodeResult, message: UnsafeRawBufferPointer, from role: StreamRole, recordMicroseconds: Int64
    ) -> RejectionReason? {
        switch result {
        case .rejected(let reason): return reject(reason)
        case .event(let event):
            if let interval, !interval.contains(event.kind == .prediction ? event.timeMicroseconds : recordMicroseconds)
            {
                eventsOutsideInterval += 1
                return nil
            }
            // In a shared topic every record tells how far the arrival of outcomes has come.
            defer { if sharesOneTopic { _ = outcomeWatermark.advance(to: recordMicroseconds) } }
            guard let model = model(event.model) else { return reject(.unknownModel) }
            if event.weight != 1 { counters.weightedEvents += 1 }
            switch event.kind {
            case .prediction:
                guard role == .predictions else { return reject(.wrongTopic) }
                take(prediction: event, model: model, message: message, recordMicroseconds: recordMicroseconds)
            case .outcome:
                guard role == .outcomes || sharesOneTopic else { return reject(.wrongTopic) }
                take(outcome: event, model: model, recordMicroseconds: recordMicroseconds)
            }
            return nil
        }
    }

    /// The field behind the newest rejection, where one is known.
    public var rejectedField: EventField? { decoder.rejectedField }

    /// Keys that the native schema does not know, of messages that were decoded here; each once.
    public func takeUnknownKeys() -> [UnknownKey] { decoder.takeUnknownKeys() }

    /// The model of this name; an event without one belongs to the only model there is.
    @inline(__always)
    private func model(_ name: UnsafeRawBufferPointer) -> ModelStream? {
        if models[lastModel].nameBytes.matches(name) { return models[lastModel] }
        if name.isEmpty { return models.count == 1 ? models[0] : nil }
        guard let index = models.firstIndex(where: { $0.nameBytes.matches(name) }) else { return nil }
        lastModel = index
        return models[index]
    }

    /// Makes references that have come into force known to the versions that wait for one. Called once per batch.
    public func refreshReferences() {
        let generation = catalog.generation
        guard generation != catalogGeneration else { return }
        catalogGeneration = generation
        for model in models { model.adoptReferences(from: catalog) }
    }

    /// Says that a stream has been at its end for the idle timeout and must not hold the panes back.
    public func markIdle(_ role: StreamRole) {
        isIdle[role.rawValue] = true
    }

    /// How far the streams have come. An idle stream holds nothing back.
    public var progress: PartitionProgress {
        PartitionProgress(
            predictionWatermark: isIdle[0] ? .max : predictionWatermark.value,
            outcomeWatermark: isIdle[sharesOneTopic ? 0 : 1] ? .max : outcomeWatermark.value,
            newestMicroseconds: max(predictionWatermark.newestMicroseconds, outcomeWatermark.newestMicroseconds))
    }
}
