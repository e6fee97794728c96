import Statistics

/// Turns categories into numbers; the columns it makes take the place of the one it read, behind the others.
///
/// Numeric and boolean columns that are named are taken by their text.
public struct CategoryEncoding: Codable, Sendable, Equatable {
    public enum Method: Codable, Sendable, Equatable {
        /// A boolean column `name=category` for each of the most frequent categories; if there are more, `name=(other)`
        /// stands for the rest. An unseen category counts as the rest, or is `false` throughout where there is no such
        /// column; so is a missing cell.
        case oneHot(maximumCategories: Int)
        /// The category's place in the order of the texts; an unseen one is -1, a missing one stays missing.
        case ordinal
        /// The category's place in the order given; whatever is not named is -1, a missing cell stays missing.
        case ordered([String])
        /// The mean target of the category's training rows, smoothed towards the mean of all; `name__target`, or with
        /// more than two classes `name__target=class`. Training rows take the means of the other folds. A missing cell
        /// is a category of its own; an unseen one takes the mean of all.
        case target(TargetEncodingParameters)
        /// The share of training rows with the category, `name__frequency`; a missing cell is a category of its own, an
        /// unseen one is 0.
        case frequency
        /// A boolean column `name#k` for each bucket of a hash: no category is ever unseen, some share a bucket. A
        /// missing cell is `false` throughout.
        case hashing(buckets: Int)
    }

    /// Categories that any method remembers per column, the most frequent ones; the others count as unseen.
    public static let maximumCategories = 10_000

    public var columns: ColumnSelection
    public var method: Method

    public init(columns: ColumnSelection = .categorical, method: Method) {
        self.columns = columns
        self.method = method
    }

    func fit(_ columns: inout WorkingColumns, _ context: inout FitContext) throws(LearningError) -> FittedStep {
        let names = try self.columns.resolve(in: columns)
        let fitted: FittedStep
        switch method {
        case .oneHot(let maximum): fitted = .indicate(try FittedOneHot.fit(names, columns, maximum: maximum))
        case .hashing(let buckets): fitted = .hash(try FittedHashing(names: names, buckets: buckets))
        case .target(let parameters):
            return .substitute(try TargetEncoder(parameters: parameters).fit(names, &columns, &context))
        case .frequency: fitted = .substitute(try frequencies(names, columns))
        case .ordinal: fitted = .substitute(try ordinals(names, columns, order: nil))
        case .ordered(let order): fitted = .substitute(try ordinals(names, columns, order: order))
        }
        var applied = ApplyContext()
        try fitted.transform.apply(&columns, &applied)
        return fitted
    }

    private func frequencies(
        _ names: [String], _ columns: WorkingColumns
    ) throws(LearningError) -> FittedCategoryValues {
        var encoded: [FittedCategoryValues.Column] = []
        for name in names {
            let (codes, categories) = try columns.categories(name)
            let (kept, _) = CategoryDictionary.mostFrequent(
                codes: codes, categories: categories, maximum: Self.maximumCategories)
            let rows = Double(codes.count)
            let missing = Double(codes.count { $0 < 0 })
            encoded.append(
                FittedCategoryValues.Column(
                    name: name, categories: CategoryDictionary(kept.map(\.category)),
                    outputs: [
                        FittedCategoryValues.Output(
                            name: name + "__frequency", values: kept.map { Double($0.count) / rows },
                            missing: missing / rows, unseen: 0)
                    ]))
        }
        return FittedCategoryValues(columns: encoded, what: "the share of training rows that have them")
    }

    private func ordinals(
        _ names: [String], _ columns: WorkingColumns, order: [String]?
    ) throws(LearningError) -> FittedCategoryValues {
        if let order, order.isEmpty || Set(order).count != order.count {
            throw invalidStep("the order of the categories is \(order)", advice: "Name each category once.")
        }
        var encoded: [FittedCategoryValues.Column] = []
        for name in names {
            let (codes, categories) = try columns.categories(name)
            let (kept, _) = CategoryDictionary.mostFrequent(
                codes: codes, categories: categories, maximum: Self.maximumCategories)
            let known = order ?? kept.map(\.category).sorted()
            encoded.append(
                FittedCategoryValues.Column(
                    name: name, categories: CategoryDictionary(known),
                    outputs: [
                        FittedCategoryValues.Output(
                            name: name, values: known.indices.map { Double($0) }, missing: nil, unseen: -1)
                    ]))
        }
        return FittedCategoryValues(columns: encoded, what: "their place in an order")
    }
}
