/// Everything that the analysis of one table found.
public struct TableProfile: Sendable, Equatable {
    public var rows: Int
    /// All columns of the table, even those that `columns` leaves out.
    public var columnCount: Int
    /// How many columns seem to hold what.
    public var types: [SemanticType: Int]
    /// Share of all cells that have no value.
    public var missingShare: Double
    /// Rows without a missing cell.
    public var completeRows: Int
    /// In the order of the table; of a very wide table the target, the time, and those that say most of the target.
    public var columns: [ColumnProfile]
    public var duplicates: RowDuplicates
    public var associations: AssociationMatrix
    public var target: TargetProfile?
    /// The strongest reasons first; at most `TableProfiler.maximumSuspects`.
    public var suspects: [LeakageSuspect]
    public var temporal: TemporalProfile?
    /// The most important first.
    public var notes: [ProfileNote]

    public subscript(name: String) -> ColumnProfile? { columns.first { $0.name == name } }

    /// The columns by what they say of the target, the most first; without the target itself.
    public var columnsByInformation: [ColumnProfile] {
        columns.filter { $0.name != target?.name && $0.relation?.informationShare != nil }
            .sorted { ($0.relation?.informationShare ?? 0) > ($1.relation?.informationShare ?? 0) }
    }
}

/// One column by itself, and against the target.
public struct ColumnProfile: Sendable, Equatable {
    public var name: String
    /// How its cells are stored: numeric, categorical or boolean.
    public var kind: String
    public var type: SemanticType
    public var rows: Int
    public var missing: Int
    /// ±∞, which no statistic counts.
    public var infinite: Int
    public var distinct: Int
    /// Of numbers, and of times as microseconds since 1970; `nil` without a finite one.
    public var numeric: NumericProfile?
    /// Of names.
    public var category: CategoryProfile?
    public var cells: DistributionCells
    /// `nil` without a target, and for the target itself.
    public var relation: TargetRelation?

    public var missingShare: Double { rows == 0 ? 0 : Double(missing) / Double(rows) }

    init(_ view: ColumnView, relation: TargetRelation?) {
        name = view.name
        kind = view.kind
        type = view.type
        rows = view.rows
        missing = view.missing
        infinite = view.infinite
        distinct = view.distinct
        numeric = view.numeric
        category = view.category
        cells = DistributionCells()
        self.relation = relation
    }
}

/// The column to be predicted.
public struct TargetProfile: Sendable, Equatable {
    public enum Task: String, Sendable {
        case binary, multiclass, regression
        /// One class, or no value at all: nothing can be learned.
        case none
    }

    public enum Balance: String, Sendable {
        /// The most frequent class has less than 4, 10, 100 times the rows of the rarest, or more.
        case balanced, uneven, imbalanced, extreme
    }

    public var name: String
    public var task: Task
    public var labelled: Int
    public var missing: Int
    /// The most frequent first; at most 50, then the rest as one. Empty for a regression.
    public var classes: [(name: String, count: Int)]
    /// Classes of the table, even those pooled.
    public var distinct: Int
    /// Of two classes: the one that rates are of.
    public var positive: String?
    /// Rows of the most frequent class for one of the rarest; `nil` for a regression or a single class.
    public var ratio: Double?

    public var balance: Balance? {
        ratio.map { $0 < 4 ? .balanced : $0 < 10 ? .uneven : $0 < 100 ? .imbalanced : .extreme }
    }

    init(_ target: ProfiledTarget) {
        name = target.name
        labelled = target.labelled
        missing = target.classes.count - target.labelled
        distinct = target.distinct
        let present = zip(target.classNames, target.classCounts).filter { $0.1 > 0 }.map { (name: $0.0, count: $0.1) }
        task =
            present.count < 2 ? .none : target.isRegression ? .regression : present.count == 2 ? .binary : .multiclass
        classes = target.isRegression ? [] : present.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        positive = target.positive.map { target.classNames[$0] }
        if task == .binary || task == .multiclass, let most = classes.first, let least = classes.last {
            ratio = Double(most.count) / Double(least.count)
        }
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.task == right.task && left.labelled == right.labelled
            && left.classes.elementsEqual(right.classes) { $0 == $1 } && left.positive == right.positive
            && left.ratio == right.ratio && left.distinct == right.distinct && left.missing == right.missing
    }
}
