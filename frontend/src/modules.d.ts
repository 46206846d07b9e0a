/** Modules that come without types of their own. */
declare module "*.css";
declare module "bpmn-js/lib/NavigatedViewer";
