import Statistics

/// Adds products of columns: all up to a degree, or of the pairs given. The columns themselves stay.
///
/// Names are `a*b` and `a^2`. A product with a missing cell is missing, and so is one beyond the range of doubles.
public struct PolynomialFeatures: Codable, Sendable, Equatable {
    public enum Terms: Codable, Sendable, Equatable {
        /// All products of up to so many factors (2 to 6) of the columns.
        case degree(Int, columns: ColumnSelection)
        /// The same without powers: interactions.
        case interactions(degree: Int, columns: ColumnSelection)
        /// Products of named columns; each list is one product. If all of its columns are categorical it is their
        /// crossing, a categorical column of `x & y`.
        case products([[String]])
    }

    /// Products that one step may make.
    public static let maximumProducts = 10_000

    public var terms: Terms

    public init(terms: Terms) { self.terms = terms }

    func fit(_ columns: inout WorkingColumns, _ context: inout FitContext) throws(LearningError) -> FittedProducts {
        let products = try products(columns, context)
        guard products.count <= Self.maximumProducts else { throw Self.tooMany("\(products.count)") }
        let fitted = FittedProducts(products: products)
        var applied = ApplyContext()
        try fitted.apply(&columns, &applied)
        return fitted
    }

    private func products(
        _ columns: WorkingColumns, _ context: FitContext
    ) throws(LearningError) -> [FittedProducts.Product] {
        switch terms {
        case .degree(let degree, let selection):
            return try combinations(selection, degree: degree, allowsPowers: true, columns, context)
        case .interactions(let degree, let selection):
            return try combinations(selection, degree: degree, allowsPowers: false, columns, context)
        case .products(let lists):
            var products: [FittedProducts.Product] = []
            for list in lists {
                guard (2...6).contains(list.count) else {
                    throw invalidStep("a product of \(list.count) columns", advice: "Name 2 to 6 columns.")
                }
                let distinct = list.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                let names = try ColumnSelection.names(distinct).resolve(in: columns)
                let kinds = try names.map { (name) throws(LearningError) in try columns.column(name).kind }
                let isCrossing = kinds.allSatisfy { $0 == .categorical }
                if !isCrossing { try context.requireNumbers(names, in: columns, for: "a product") }
                products.append(FittedProducts.Product(factors: isCrossing ? names : list, isCrossing: isCrossing))
            }
            return products
        }
    }

    /// In the order of scikit-learn: by degree, then by the columns' places.
    private func combinations(
        _ selection: ColumnSelection, degree: Int, allowsPowers: Bool, _ columns: WorkingColumns, _ context: FitContext
    ) throws(LearningError) -> [FittedProducts.Product] {
        guard (2...6).contains(degree) else {
            throw invalidStep("products of degree \(degree)", advice: "Take 2 to 6.")
        }
        let names = try selection.resolve(in: columns)
        try context.requireNumbers(names, in: columns, for: "a product")
        var products: [FittedProducts.Product] = []
        var last = names.indices.map { [$0] }
        for _ in 2...degree {
            var next: [[Int]] = []
            for places in last {
                let first = (places.last ?? 0) + (allowsPowers ? 0 : 1)
                guard first < names.count else { continue }
                for place in first..<names.count { next.append(places + [place]) }
                guard products.count + next.count <= Self.maximumProducts else {
                    throw Self.tooMany("more than \(Self.maximumProducts)")
                }
            }
            products += next.map { places in
                FittedProducts.Product(factors: places.map { names[$0] }, isCrossing: false)
            }
            last = next
        }
        return products
    }

    private static func tooMany(_ count: String) -> LearningError {
        invalidStep(
            "the products of a step are \(count)",
            advice: "At most \(maximumProducts) are made: name fewer columns, or take a lower degree.")
    }
}

struct FittedProducts: FittedTransform {
    struct Product: Codable, Sendable, Equatable {
        /// Columns; one that is named twice is squared.
        let factors: [String]
        let isCrossing: Bool

        var name: String {
            if isCrossing { return factors.joined(separator: " & ") }
            var parts: [String] = []
            var index = 0
            while index < factors.count {
                let power = factors[index...].prefix { $0 == factors[index] }.count
                parts.append(power == 1 ? factors[index] : "\(factors[index])^\(power)")
                index += power
            }
            return parts.joined(separator: "*")
        }
    }

    let products: [Product]

    func apply(_ columns: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        for product in products {
            if product.isCrossing {
                try cross(product, &columns)
                continue
            }
            var numbers = try columns.numbers(product.factors[0])
            for factor in product.factors.dropFirst() {
                let others = try columns.numbers(factor)
                for row in numbers.indices { numbers[row] *= others[row] }
            }
            for row in numbers.indices where !numbers[row].isFinite { numbers[row] = .nan }
            try columns.append(TableColumn(name: product.name, numbers: numbers))
        }
    }

    private func cross(_ product: Product, _ columns: inout WorkingColumns) throws(LearningError) {
        var (codes, categories) = try columns.categories(product.factors[0])
        for factor in product.factors.dropFirst() {
            let (others, names) = try columns.categories(factor)
            var codeOfPair: [Int64: Int32] = [:]
            var crossed: [String] = []
            for row in codes.indices {
                guard codes[row] >= 0, others[row] >= 0 else {
                    codes[row] = -1
                    continue
                }
                let pair = Int64(codes[row]) << 32 | Int64(others[row])
                if let code = codeOfPair[pair] {
                    codes[row] = code
                } else {
                    let code = Int32(crossed.count)
                    crossed.append("\(categories[Int(codes[row])]) & \(names[Int(others[row])])")
                    codeOfPair[pair] = code
                    codes[row] = code
                }
            }
            categories = crossed
        }
        try columns.append(
            TableColumn(name: product.name, values: .categorical(codes: codes, categories: categories)))
    }

    var isConsistent: Bool { products.allSatisfy { !$0.factors.isEmpty } }

    var description: String { "Products of columns are added: \(listed(products.map(\.name)))." }
}
