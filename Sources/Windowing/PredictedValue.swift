import Events
public import Statistics

/// What a model said of one event, as its prediction column counts it.
enum PredictedValue {
    /// A score or a number; NaN where the event has none.
    case number(Double)
    /// A class in UTF-8; empty where the event has none.
    case label(UnsafeRawBufferPointer)
    /// Said by another model than the one whose column it is: left out.
    case unknown
}

extension DecodedEvent {
    /// What the event says in a prediction column of this kind: the score of a binary model or the number of a regression
    /// where it is numeric; else the class, for a multiclass model without one the likeliest (of equals the first class).
    func predicted(_ kind: ColumnKind, task: ModelTask) -> PredictedValue {
        guard kind != .numeric else { return .number(task == .regression ? value : score) }
        guard !hasLabel, case .multiclass(let classes) = task else { return .label(label) }
        var best: ScoreEntry?
        for entry in scoreEntries {
            guard let known = best else {
                best = entry
                continue
            }
            if entry.score < known.score { continue }
            if entry.score > known.score || place(of: entry, in: classes) < place(of: known, in: classes) {
                best = entry
            }
        }
        return .label(best?.label ?? label)
    }

    private func place(of entry: ScoreEntry, in classes: [String]) -> Int {
        classes.firstIndex { Array($0.utf8).matches(entry.label) } ?? classes.count
    }
}

extension VersionStream {
    /// Counts what the model said, where the reference knows what it used to say.
    @inline(__always)
    func count(_ predicted: PredictedValue, into accumulator: PaneAccumulator) {
        guard let encoder, let column = encoder.predictionColumn else { return }
        switch (predicted, encoder.kind(of: column)) {
        case (.unknown, _): return
        case (.number(let number), .numeric): accumulator.add(numeric: number, column: column)
        case (.label(let label), _) where label.isEmpty: accumulator.addMissing(column: column)
        case (.label(let label), .categorical): accumulator.add(category: label, column: column)
        default: accumulator.addViolation(column: column)
        }
    }
}

/// What a model said of rows that were kept whole, as a column of their reference.
public enum PredictionColumn {
    public typealias Column = (name: String, values: ReferenceBuilder.ColumnValues)

    /// The column of the rows' own predictions beside the given features: scores of a binary model or numbers of a
    /// regression; classes where a binary model's events carry no scores, and of a multiclass model.
    ///
    /// - Returns: `nil` where fewer than half of the rows carry any: a column that is mostly missing tells nothing.
    public static func column(
        of messages: [RetainedPrediction], task: ModelTask, beside features: some Sequence<String>
    ) -> Column? {
        let name = ModelColumn.prediction.name(beside: features)
        let decoder = EventDecoder(limits: .unlimited)
        let said = messages.map { read($0, task: task, decoder: decoder) }
        let numbers = said.map(\.number)
        if numbers.count(where: \.isFinite) * 2 >= max(1, messages.count) { return (name, .numeric(numbers)) }
        let labels = said.map(\.label)
        if labels.count(where: { $0 != nil }) * 2 >= max(1, messages.count) { return (name, .categorical(labels)) }
        return nil
    }

    /// The same of labelled rows.
    public static func column(
        of rows: [LabelledRow], task: ModelTask, beside features: some Sequence<String>
    ) -> Column? {
        let kept = rows.map {
            RetainedPrediction(
                timeMicroseconds: $0.predictionMicroseconds, recordMicroseconds: $0.recordMicroseconds,
                message: $0.message)
        }
        return column(of: kept, task: task, beside: features)
    }

    /// What a regression said in each message; NaN where it said nothing.
    public static func numbers(of messages: [RetainedPrediction]) -> [Double] {
        let decoder = EventDecoder(limits: .unlimited)
        return messages.map { read($0, task: .regression, decoder: decoder).number }
    }

    private static func read(
        _ prediction: RetainedPrediction, task: ModelTask, decoder: EventDecoder
    ) -> (number: Double, label: String?) {
        var said: (number: Double, label: String?) = (.nan, nil)
        prediction.message.withUnsafeBytes { bytes in
            guard
                case .event(let event) = decoder.decode(
                    bytes, recordTimeMicroseconds: prediction.recordMicroseconds)
            else { return }
            if case .multiclass = task {
            } else {
                if case .number(let number) = event.predicted(.numeric, task: task) { said.number = number }
            }
            guard task != .regression, case .label(let label) = event.predicted(.categorical, task: task),
                !label.isEmpty
            else { return }
            said.label = String(decoding: label, as: UTF8.self)
        }
        return said
    }
}
