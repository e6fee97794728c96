/// The actual classes of labelled pairs as a column, so that they can be watched for drift as a feature is.
extension PerformanceSummary {
    /// How often each class turned out to be true: the positive class and the rest, or the classes in the task's order.
    /// `nil` for a regression, whose pairs keep no distribution of the actual number.
    public var outcomeCounts: [Int64]? {
        if let confusion {
            return [
                FixedPoint.saturatingSum(confusion.truePositives, confusion.falseNegatives),
                FixedPoint.saturatingSum(confusion.falsePositives, confusion.trueNegatives),
            ]
        }
        return classConfusion.map { confusion in (0..<confusion.classes).map { confusion.margins($0).actual } }
    }
}

extension ModelTask {
    /// The classes of `PerformanceSummary.outcomeCounts` by name: `fraud`, `not fraud`. `nil` for a regression.
    public var outcomeNames: [String]? {
        switch self {
        case .binary(let positive): [positive, "not " + positive]
        case .multiclass(let classes): classes
        case .regression: nil
        }
    }

    /// The place of an actual label among `outcomeNames`; `nil` for an empty label and for a class that is none of them.
    public func outcomeIndex(of label: String) -> Int? {
        switch self {
        case .binary(let positive): label.isEmpty ? nil : label == positive ? 0 : 1
        case .multiclass(let classes): classes.firstIndex(of: label)
        case .regression: nil
        }
    }
}

extension ReferenceProfile {
    /// The reference of actual classes: one categorical column.
    /// - Parameter counts: one per name. - Precondition: as many as the names, at most 1,000.
    public init(outcomes counts: [Int64], names: [String], column: String) {
        precondition(counts.count == names.count, "one count per class")
        let parts = ColumnReference.Parts(binning: .categories(names), counts: counts + [0, 0], missing: 0)
        self.init(
            rows: counts.reduce(0, FixedPoint.saturatingSum),
            columns: [ColumnReference(unchecked: column, kind: .categorical, parts)])
    }
}

extension ReferenceProfile {
    /// The reference of a regression's actual numbers: one numeric column.
    public init(outcomes numbers: [Double], column: String) {
        self = ReferenceBuilder.build(columns: [(name: column, values: .numeric(numbers))])
    }
}

extension PaneSummary {
    /// Actual numbers on such a reference.
    public init(outcomes numbers: [Double], on reference: ReferenceProfile) {
        let pane = PaneAccumulator(encoder: ReferenceEncoder(reference))
        for number in numbers { pane.add(numeric: number, column: 0) }
        pane.events = Int64(numbers.count)
        self = pane.summary()
    }

    /// Actual classes on such a reference.
    /// - Precondition: counts of the same classes.
    public init(outcomes counts: [Int64], on reference: ReferenceProfile) {
        self.init(empty: ReferenceEncoder(reference))
        precondition(columns.count == 1 && columns[0].counts.count == counts.count + 2, "counts of the same classes")
        events = counts.reduce(0, FixedPoint.saturatingSum)
        columns[0].counts = counts + [0, 0]
    }
}
