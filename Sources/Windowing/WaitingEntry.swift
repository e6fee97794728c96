import Events

/// One half, or both halves, of a prediction and its outcome.
struct WaitingEntry: Sendable {
    var identifierHigh: UInt64
    var identifierLow: UInt64
    /// Event time of the prediction; `Int64.min` while only the outcome is here.
    var predictionMicroseconds: Int64 = .min
    /// Record time of the outcome; `Int64.min` while only the prediction is here.
    var outcomeMicroseconds: Int64 = .min
    /// P(positive) or the predicted value; NaN if the event carries none.
    var score: Double = .nan
    /// The actual value (regression).
    var outcomeValue: Double = .nan
    /// The predicted class: its number in the label dictionary, or -1.
    var predictedLabel: Int32 = -1
    /// The actual class: its number in the label dictionary, or -1.
    var outcomeLabel: Int32 = -1
    /// The prediction's segments, one byte for each segment column.
    var segments = SegmentIndices()
    /// The version's number in its partition.
    var version: UInt16 = 0

    var identifier: EventIdentifier { EventIdentifier(high: identifierHigh, low: identifierLow) }
    var hasPrediction: Bool { predictionMicroseconds != .min }
    var hasOutcome: Bool { outcomeMicroseconds != .min }
    /// The later of the two times that are known.
    var newestMicroseconds: Int64 { max(predictionMicroseconds, outcomeMicroseconds) }

    init(_ identifier: EventIdentifier) {
        identifierHigh = identifier.high
        identifierLow = identifier.low
    }
}

/// A waiting entry as the table keeps it, apart from its version: 56 bytes.
struct PackedWaitingEntry: Sendable {
    var identifierHigh: UInt64
    var identifierLow: UInt64
    var predictionMicroseconds: Int64
    var outcomeMicroseconds: Int64
    var score: Double
    /// The actual value's bits, or the actual class's number.
    var outcome: UInt64
    var predictedLabel: Int32
    var segments: UInt32

    var newestMicroseconds: Int64 { max(predictionMicroseconds, outcomeMicroseconds) }

    init(_ entry: WaitingEntry, isRegression: Bool) {
        identifierHigh = entry.identifierHigh
        identifierLow = entry.identifierLow
        predictionMicroseconds = entry.predictionMicroseconds
        outcomeMicroseconds = entry.outcomeMicroseconds
        score = entry.score
        outcome = isRegression ? entry.outcomeValue.bitPattern : UInt64(UInt32(bitPattern: entry.outcomeLabel))
        predictedLabel = entry.predictedLabel
        segments = entry.segments.packed
    }

    func unpacked(version: UInt16, isRegression: Bool) -> WaitingEntry {
        var entry = WaitingEntry(EventIdentifier(high: identifierHigh, low: identifierLow))
        entry.predictionMicroseconds = predictionMicroseconds
        entry.outcomeMicroseconds = outcomeMicroseconds
        entry.score = score
        if isRegression {
            entry.outcomeValue = Double(bitPattern: outcome)
        } else {
            entry.outcomeLabel = Int32(bitPattern: UInt32(truncatingIfNeeded: outcome))
        }
        entry.predictedLabel = predictedLabel
        entry.segments.packed = segments
        entry.version = version
        return entry
    }
}
