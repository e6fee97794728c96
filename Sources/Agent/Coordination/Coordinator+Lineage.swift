import Registry
import Windowing

/// Where in the log training rows came from: marks of how far each partition had been read, a pane apart.
struct OffsetMarks: Codable, Equatable {
    private var marks: [OffsetMark] = []
    private var newest: OffsetMark?
    /// Beyond it the oldest are forgotten, and a stretch begins with the partition.
    private static let maximumMarks = 10_000

    /// - Parameter slide: marks are kept so far apart, microseconds.
    mutating func add(_ mark: OffsetMark, slide: Int64) {
        newest = mark
        if let last = marks.last {
            let moves = [
                (last.newestPrediction, mark.newestPrediction), (last.newestOutcome, mark.newestOutcome),
            ]
            guard moves.contains(where: { $1 != .min && ($0 == .min || $1 >= $0 + slide) }) else { return }
        }
        marks.append(mark)
        if marks.count > Self.maximumMarks { marks.removeFirst() }
    }

    /// The offsets of a stream from which on all records may lie that move its event time to `microseconds` or beyond.
    func stretch(of role: StreamRole, offsetsOf stream: StreamRole, from microseconds: Int64) -> Range<Int64>? {
        guard let end = newest?.nextOffsets[stream.rawValue] else { return nil }
        let before = marks.last {
            (role == .predictions ? $0.newestPrediction : $0.newestOutcome) < microseconds
        }
        return (before?.nextOffsets[stream.rawValue] ?? 0)..<end
    }
}

extension Coordinator {
    func mark(_ output: PartitionOutput) {
        guard let mark = output.mark, !topics.isEmpty else { return }
        marks[output.partition, default: OffsetMarks()].add(
            mark, slide: models.values.map(\.settings.geometry.slideMicroseconds).min() ?? 1)
    }

    /// The parts of the log that a model's rows lie in, from the pane of the oldest prediction on; empty where the sources
    /// are files, or others read them.
    func stretches(of rows: [LabelledRow], model name: String) -> [LogStretch] {
        guard let settings = models[name]?.settings, let oldest = rows.first?.predictionMicroseconds else { return [] }
        let start = settings.geometry.start(of: settings.geometry.pane(at: oldest))
        // An outcome may come before its prediction.
        let early = start - settings.maximumLabelDelayMicroseconds - settings.geometry.slideMicroseconds
        return marks.sorted { $0.key < $1.key }.flatMap { partition, marks -> [LogStretch] in
            let predictions = marks.stretch(of: .predictions, offsetsOf: .predictions, from: start)
            let outcomes = marks.stretch(
                of: .outcomes, offsetsOf: topics.count == 1 ? .predictions : .outcomes, from: early)
            if topics.count == 1 {
                guard let predictions, let outcomes else { return [] }
                return [
                    LogStretch(
                        topic: topics[0], partition: partition, from: min(predictions.lowerBound, outcomes.lowerBound),
                        to: predictions.upperBound)
                ]
            }
            return zip(topics, [predictions, outcomes]).compactMap { topic, range in
                range.map { LogStretch(topic: topic, partition: partition, from: $0.lowerBound, to: $0.upperBound) }
            }
        }
    }
}
