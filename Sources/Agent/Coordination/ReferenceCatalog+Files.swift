public import Learning
public import Statistics
import Windowing

extension ReferenceCatalog {
    /// Puts the references in force that the configuration reads from tables.
    ///
    /// - Throws: what is wrong with a table.
    func loadFiles(of configuration: AgentConfiguration) throws {
        for model in configuration.models {
            guard case .file(let path, let target, let exclude) = model.reference.source else { continue }
            let left = Set(exclude + [target].compactMap(\.self))
            let table = try Table.read(path: path).dropping(left)
            setDefault(ReferenceEncoder(table.referenceProfile), forModel: model.name)
        }
    }
}

extension Table {
    /// The profile of the table's columns.
    public var referenceProfile: ReferenceProfile {
        ReferenceBuilder.build(
            columns: columns.map { column in
                switch column.values {
                case .numeric(let numbers): (name: column.name, values: .numeric(numbers))
                case .categorical:
                    (name: column.name, values: .categorical((0..<column.count).map { column.text(at: $0) }))
                case .boolean(let flags):
                    (name: column.name, values: .boolean(flags.map { $0 < 0 ? nil : $0 != 0 }))
                }
            })
    }
}
