/// What a step learned from the training rows, and how it changes a table.
protocol FittedTransform: Codable, Sendable, Equatable {
    /// The same for the same cells, in training, in a batch and for one row; drops no row.
    func apply(_ columns: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError)

    /// Turns columns back into what they were before; steps that lose something leave the columns as they are.
    func invert(_ columns: inout WorkingColumns) throws(LearningError)

    /// Whether its parts fit each other, so that applying it stays within them: asked of what was read from bytes.
    var isConsistent: Bool { get }

    /// One sentence for the model card.
    var description: String { get }
}

extension FittedTransform {
    func invert(_ columns: inout WorkingColumns) throws(LearningError) {}

    var isConsistent: Bool { true }
}

/// What steps may use while they are applied, beside the columns.
struct ApplyContext {
    var counts = AlignmentCounts()
    var state = PreparationState()
    /// Of the step at hand: its key in the state.
    var step = 0
}

/// A fitted step.
enum FittedStep: Codable, Sendable, Equatable {
    case impute(FittedImputation)
    case treatOutliers(FittedOutliers)
    case indicate(FittedOneHot)
    case substitute(FittedCategoryValues)
    case hash(FittedHashing)
    case scale(FittedScaling)
    case normalizeRows(FittedNormalization)
    case multiply(FittedProducts)
    case divide(FittedRatios)
    case splitDates(FittedDateParts)
    case lookBack(FittedHistory)
    case select(FittedSelection)

    var transform: any FittedTransform {
        switch self {
        case .impute(let step): step
        case .treatOutliers(let step): step
        case .indicate(let step): step
        case .substitute(let step): step
        case .hash(let step): step
        case .scale(let step): step
        case .normalizeRows(let step): step
        case .multiply(let step): step
        case .divide(let step): step
        case .splitDates(let step): step
        case .lookBack(let step): step
        case .select(let step): step
        }
    }
}

/// Names for a sentence: the first few, and how many there are.
func listed(_ names: [String]) -> String {
    let shown = names.prefix(6).joined(separator: ", ")
    return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
}
